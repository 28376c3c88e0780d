/** Training left the numbers there are. What was learnt is worth nothing, and the same lease anywhere ends the same way. */
export class DivergedError extends Error {
  constructor() {
    super('the loss is not a number: the learning rate is too high for this network');
    this.name = 'DivergedError';
  }
}
