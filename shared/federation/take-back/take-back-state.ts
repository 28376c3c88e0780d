/** [BACK1] Why a run goes back to an older version: its host wants it, or its accuracy fell. */
export type TakeBackReason = 'host' | 'fell';

/** [BACK6] How often in a row the run has returned to the same weights by itself. */
export interface Returns {
  /** The version that had these weights first. */
  readonly origin: number;
  readonly count: number;
}
