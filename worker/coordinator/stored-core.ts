import type { EvaluationState } from '../../shared/federation/evaluation/evaluation-state.ts';
import type { RunState } from '../../shared/federation/run-state.ts';

/** A run's state without what lies in rows of its own, and without what is not stored. */
export type Core = Omit<RunState, 'volunteers' | 'leases' | 'presence'>;

/** The core as it lies in its row. A manifest is the number of its version, which has a row of its own. */
export type StoredCore = Omit<Core, 'manifest' | 'evaluation'> & {
  readonly manifest: number;
  readonly evaluation: (Omit<EvaluationState, 'manifest'> & { readonly manifest: number }) | null;
};
