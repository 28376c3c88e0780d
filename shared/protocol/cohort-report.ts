import type { ToldAggregation } from './events.ts';
import type { EvaluationMetrics, TrainingMetrics } from './lease.ts';
import type { Manifest, ShardRef, Slots } from './model-outline.ts';
import type { RefusalReason } from './refusals.ts';
import type { ToldWork } from './standing.ts';

/** What a cohort tells the coordinator of one envelope. */
export type CohortEntry = {
  readonly lease: string;
  readonly volunteer: string;
  /** The lease's round; of an evaluator's lease the version. */
  readonly round: number;
  readonly bytes: number;
} & (
  | {
      readonly ok: true;
      /** The round that it counts in. Left out if that is the lease's. */
      readonly countsIn?: number;
      /** [ROOT5] A referee's, with which the others are compared. Left out otherwise. */
      readonly root?: true;
      readonly sha256: string;
      readonly norm: number;
      readonly metrics: TrainingMetrics | EvaluationMetrics;
    }
  | { readonly ok: false; readonly reason: RefusalReason; readonly detail?: string }
);

/** Sums of segments, for a cohort that goes on with them: the keys under which they lie, one for each shard. */
export type HandedSums = Readonly<Record<string, readonly string[]>>;

/** An accepted update, as a role's other cohorts need to know it. */
export interface TakenUpdate {
  /** Before the rule weighs it, in examples. */
  readonly weight: number;
  /** What the rule measured. */
  readonly facts: unknown;
  /** The lease's. */
  readonly examples: number;
  /** Whose it is. Left out by cohorts of an older release. */
  readonly lease?: string;
  readonly volunteer?: string;
  /** [STAND2] Left out by a cohort of an older release. */
  readonly told?: SketchedUpdate;
}

/** [STAND2] Whose update it is, and its direction. */
export interface SketchedUpdate {
  readonly volunteer: string;
  readonly norm: number;
  /** One byte for each number of its sketch. Null if none was made. */
  readonly sketch: Uint8Array | null;
}

/** [CHECK7] An update that is in a candidate. */
export interface CountedUpdate {
  readonly lease: string;
  readonly volunteer: string;
  /** In examples. */
  readonly weight: number;
  /** By how much the rule has cut it, if it weighs each update by its own length; else 1. */
  readonly scale: number;
  /** Of the whole update, before it is cut. Left out by a cohort of an older release. */
  readonly norm?: number;
}

/** [CHECK7] Which updates of a round a role's cohorts leave out, all that were refused so far. */
export interface LeftOut {
  /** 2 for the first time that the round is folded again. */
  readonly turn: number;
  readonly leases: readonly string[];
}

/** What a cohort has of a round that it takes no more updates for. */
export interface ClosedRound {
  readonly updates: readonly TakenUpdate[];
  /** What its rule remembers of the rounds before. */
  readonly memory: unknown;
}

/** [ROUND9] What all cohorts of a role have of a round. */
export interface RoleRound {
  readonly updates: readonly TakenUpdate[];
  /** The place of this cohort's first update among them. They follow each other. */
  readonly first: number;
  /** What the rule remembers of the rounds before. */
  readonly memory: unknown;
  /** What the other cohorts summed, for the one that publishes. Others get none. */
  readonly sums: readonly HandedSums[];
}

/** What a cohort is to fold. */
export interface FoldRequest {
  readonly round: number;
  /** The version that the round's leases were given. */
  readonly manifest: Manifest;
  /** What cohorts of lighter roles summed of segments that this role trains too. */
  readonly handed: HandedSums;
  /** Segments that a heavier role of the round trains too: this cohort does not publish them. */
  readonly handsOn: readonly string[];
  /**
   * [PUB8] By segment, how many examples all volunteers together have who may train it, those of a lease each. Left out
   * if the role's task corrects no drift.
   */
  readonly allExamples?: Readonly<Record<string, number>>;
  /** [CHECK7] Left out if the round has every update. */
  readonly leftOut?: LeftOut;
  /** [CHECK7] Whether it is to say which updates it counted. */
  readonly tellsUpdates?: true;
  /** [ROUND9] Left out if no other cohort of the role may have updates. */
  readonly ofRole?: RoleRound;
  /** [PUB5] Asked by a replay: the updates were with several cohorts, so their statistics were averaged. */
  readonly statistics?: 'mean';
}

/** [BACK4] What a cohort is told of a round that is taken back. */
export interface TakeBackRequest {
  readonly round: number;
  /** The version that the run returns to. */
  readonly to: number;
}

/** What a cohort made of a closed round. */
export interface FoldedRole extends ToldAggregation {
  readonly updates: number;
  /** New shards of the segments that this cohort publishes, and of the averages that follow them. Empty if there is nothing to sum. */
  readonly segments: Readonly<Record<string, readonly ShardRef[]>>;
  /** What the outer optimizer keeps of the segments that this cohort publishes, if it keeps anything. */
  readonly slots?: Readonly<Record<string, Slots>>;
  /** [PUB8] Of the request, as far as it was used. Left out if no drift was corrected. */
  readonly allExamples?: Readonly<Record<string, number>>;
  /** Its sums of the segments that it hands on, with those that were handed to it. */
  readonly handed?: HandedSums;
  /** [STAND2] What the updates were worth. Left out if nobody measures it. */
  readonly work?: ToldWork;
  /** [CHECK7] If it was asked. */
  readonly counted?: readonly CountedUpdate[];
  /** [CHECK7] Of the request. Left out if nothing was left out. */
  readonly turn?: number;
}

/** What the ledger tells of how the updates of a role counted. */
export const aggregationOf = ({ fallback, scale, statistics }: FoldedRole): ToldAggregation => ({
  ...(fallback !== undefined && { fallback }),
  ...(scale !== undefined && { scale }),
  ...(statistics !== undefined && { statistics }),
});
