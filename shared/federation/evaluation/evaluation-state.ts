import type { Manifest } from '../../protocol/model-outline.ts';
import type { LeaseState } from '../lease/lease-state.ts';

/** What one volunteer counted on the test parts of its lease. */
export interface Judgement {
  readonly volunteer: string;
  readonly isReferee: boolean;
  /** [EVAL13] Its volunteer had helped by then. Left out if not: then its judgement confirms nothing. */
  readonly hasHelped?: true;
  readonly parts: readonly number[];
  /** Of each part; of all parts together if there is only one number ([EVAL11]). */
  readonly correct: readonly number[];
  readonly lossSum: readonly number[];
}

/** The evaluation under way, of one version. */
export interface EvaluationState {
  readonly manifest: Manifest;
  /** [EVAL7] Who trained the version. The others are independent of it. Empty if that is not known. */
  readonly trainedBy: readonly string[];
  /** [EVAL9] The test parts that are drawn, ascending. */
  readonly parts: readonly number[];
  /** [EVAL8] When it began, or when the last judgement came that may confirm. */
  readonly since: number;
  /** In the order in which they came. */
  readonly judgements: readonly Judgement[];
  /** [EVAL6] Leases that ended because their holder asked anew. */
  readonly dropped: readonly LeaseState[];
  /** Who was given a lease of it. */
  readonly by: readonly string[];
  /** [EVAL8] Whose leases of it ended without an update: each time, but twice at most (`failed-judges`). */
  readonly failed: readonly string[];
}

/** [BACK5] A version that was judged lately. */
export interface JudgedVersion {
  readonly version: number;
  /** The version that had these weights first. Another one only if the run returned to it. */
  readonly origin: number;
  readonly examples: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly isConfirmed: boolean;
}
