import type { Task } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { Result } from '../protocol/refusals.ts';
import type { PlanSpec } from '../protocol/run-spec.ts';

/**
 * A learning plan: what is trained in a round, as a pure function of how far the run is. One reading of the literature
 * a file; the names are those of learning.md.
 */
export interface LearningPlan<Spec extends PlanSpec = PlanSpec> {
  /** Refuses, with the reason, a model this plan cannot serve. Asked once, when a run is created. */
  check(outline: ModelOutline): Result<true>;
  /**
   * The tasks of a round, the lightest first; every role at most once.
   * @param progress rounds done over rounds planned, in [0, 1)
   * @param learningRate of the first round
   */
  tasks(outline: ModelOutline, spec: Spec, progress: number, learningRate: number): readonly Task[];
}

/** Cosine from `rate` to zero over the budget. Source: Loshchilov, Hutter, SGDR, arXiv 1608.03983, without restarts. */
export const cosineRate = (rate: number, progress: number): number =>
  (rate * (1 + Math.cos(Math.PI * progress))) / 2;
