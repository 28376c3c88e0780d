/** [RUN5] Why a run ends. */
export type FinishReason = 'rounds' | 'target' | 'host';

/** [CLOSE1] The run trains no more, and its last version is being judged. */
export interface ClosingState {
  readonly why: FinishReason;
  readonly since: number;
  /** [CLOSE4] When the last judgement of a test part came, or since when there is something to judge. */
  readonly progressAt: number;
  /** [CLOSE4] How long the run waits for the next one. */
  readonly waitMs: number;
  /** [CLOSE4] Since when nobody has been here who may judge. Null if somebody is. */
  readonly aloneSince: number | null;
}
