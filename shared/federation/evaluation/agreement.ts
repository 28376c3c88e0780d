/** What was counted on one test part. */
export interface PartCount {
  readonly examples: number;
  readonly correct: number;
  readonly lossSum: number;
}

/**
 * [EVAL7] How far two honest judgements may be apart. Devices add in another order and round otherwise, so an example
 * between two classes may fall to either side. WASM of every kind, the plain CPU backend and WebGPU gave the same counts
 * and the same first eight digits of the loss (`test/unit/trainer/judging-backends.test.ts`). Deep networks and other
 * graphics cards may differ by more, so this allows a thousand times as much. A lie within it gains as little.
 */
const CORRECT_SHARE = 0.005;
const LOSS_SHARE = 0.005;
const LOSS_AN_EXAMPLE = 0.005;

/** Whether two judgements of the same part differ by no more than honest devices do. */
export const agree = (one: PartCount, other: PartCount): boolean =>
  Math.abs(one.correct - other.correct) <= Math.max(1, CORRECT_SHARE * one.examples) &&
  Math.abs(one.lossSum - other.lossSum) <=
    LOSS_SHARE * Math.max(one.lossSum, other.lossSum) + LOSS_AN_EXAMPLE * one.examples;
