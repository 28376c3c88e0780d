import type { EvaluationMetrics, TrainingMetrics } from './lease.ts';
import type { ShardRef } from './model-outline.ts';
import type { RefusalReason } from './refusals.ts';

/** What a cohort tells the coordinator of one envelope. */
export type CohortEntry = {
  readonly lease: string;
  readonly volunteer: string;
  readonly round: number;
  readonly bytes: number;
} & (
  | {
      readonly ok: true;
      readonly sha256: string;
      readonly norm: number;
      readonly metrics: TrainingMetrics | EvaluationMetrics;
    }
  | { readonly ok: false; readonly reason: RefusalReason; readonly detail?: string }
);

/** What a cohort made of a closed round. */
export interface FoldedRole {
  readonly updates: number;
  /** New shards of the segments this role trained, and of the averages that follow them. Empty if no update came. */
  readonly segments: Readonly<Record<string, readonly ShardRef[]>>;
}
