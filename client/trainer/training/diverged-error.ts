/**
 * Training left the range of numbers. What was learnt is worth nothing, and the same lease ends the same way
 * anywhere.
 */
export class DivergedError extends Error {
  constructor() {
    super('the loss is not a number: the learning rate is too high for this network');
    this.name = 'DivergedError';
  }
}
