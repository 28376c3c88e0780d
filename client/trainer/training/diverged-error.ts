/**
 * Training left the range of numbers. What was learnt is worth nothing, and the same lease ends the same way
 * anywhere. A loss that is finite, however large, is none of this.
 */
export class DivergedError extends Error {
  /** @param what is not finite: the loss, or a weight, with which no loss would be */
  constructor(what = 'the loss') {
    super(`${what} is not a finite number: the learning rate is too high for this network`);
    this.name = 'DivergedError';
  }
}
