import { inTime, LateError } from '../in-time.ts';

/**
 * Work of which one piece goes after another. All later ones wait for a piece that never ends. So one that takes too long
 * fails, as does one of whose calls did not come back in time, and whoever keeps the turns hears of it.
 */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private readonly longestMs: number;
  private readonly onStuck: (error: LateError) => void;

  /** @param longestMs of a piece, longer than any that ends */
  constructor(longestMs: number, onStuck: (error: LateError) => void) {
    this.longestMs = longestMs;
    this.onStuck = onStuck;
  }

  /** Does this after all that was given before, whether or not that failed. */
  next<T>(work: () => Promise<T>): Promise<T> {
    const bounded = (): Promise<T> => inTime(work(), this.longestMs);
    const result = this.last.then(bounded, bounded);
    this.last = result.catch((error: unknown) => {
      if (error instanceof LateError) this.onStuck(error);
    });
    return result;
  }
}
