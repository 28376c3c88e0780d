import type { HeadStyle } from '../protocol/head-style.ts';
import type { Exit, Schedule, Task } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { PlanSpec } from '../protocol/plan-spec.ts';
import type { Result } from '../protocol/refusals.ts';

/** A round's place in the run. */
export interface Moment {
  /** From 1. */
  readonly round: number;
  /** Shares of the budget done as the round begins, and as it ends. */
  readonly from: number;
  readonly to: number;
  /** Learning rate at the run's beginning. */
  readonly rate: number;
}

/**
 * A learning plan: what is trained in a round, as a pure function of how far the run is. One reading of the literature
 * a file; the names are those of learning.md.
 */
export interface LearningPlan<Spec extends PlanSpec = PlanSpec> {
  /** The auxiliary heads that a model for this plan is built with. */
  readonly heads: HeadStyle;
  /** Whether they stay in the network that comes out; they do not where this is left out. */
  keepsHeads?(spec: Spec): boolean;
  /** Refuses, with the reason, a model this plan cannot serve. Asked once, when a run is created. */
  check(outline: ModelOutline, spec: Spec): Result<true>;
  /** The tasks of a round, the lightest first; every role at most once, every trained segment in one task only. */
  tasks(outline: ModelOutline, spec: Spec, moment: Moment): readonly Task[];
  /** The answer by which the model is judged at this progress: the whole body's in the end, but for the control. */
  exit(outline: ModelOutline, spec: Spec, progress: number): Exit;
}

/** A round's rates; `ends` where a segment's cosine ends before the run's. */
export const scheduleOf = (
  { rate, from, to }: Moment,
  ends: Readonly<Record<string, number>> = {},
): Schedule => ({ rate, from, to, ends: { ...ends } });
