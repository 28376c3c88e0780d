/**
 * Training left the range of numbers. What was learnt is worth nothing, and the same lease ends the same way
 * anywhere. A loss that is finite, however large, is none of this.
 */
export class DivergedError extends Error {
  /**
   * @param what is not finite: the loss, or a weight, with which no loss would be
   * @param why in words
   */
  constructor(what = 'the loss', why = 'the learning rate is too high for this network') {
    super(`${what} is not a finite number: ${why}`);
    this.name = 'DivergedError';
  }
}
