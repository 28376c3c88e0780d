import type { Manifest } from '../../protocol/model-outline.ts';
import type { LeaseState } from '../lease/lease-state.ts';

/** The evaluation under way, of one version. */
export interface EvaluationState {
  readonly manifest: Manifest;
  /** Test parts that nobody holds a lease on. */
  readonly pending: readonly number[];
  /** How many leases of it are in hand. */
  readonly open: number;
  /** [EVAL6] Leases whose parts are pending again because their holder asked anew. */
  readonly dropped: readonly LeaseState[];
  /** Who was given a lease of it. */
  readonly by: readonly string[];
  readonly examples: number;
  readonly correct: number;
  readonly lossSum: number;
}
