import type { HeadStyle } from '../protocol/head-style.ts';
import type { Exit, Task } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { PlanName, PlanSpecs } from '../protocol/plan-spec.ts';
import type { Result } from '../protocol/refusals.ts';
import type { Moment } from './task/schedule.ts';

/** A plan as a function of its settings. One reading of the literature a file; README.md has their formulas. */
export type PlanNamed<Name extends PlanName> = (settings: PlanSpecs[Name]) => LearningPlan;

/** What is trained in a round, as a pure function of how far the run is. */
export interface LearningPlan {
  /** The auxiliary heads that a model for this plan is built with. */
  readonly heads: HeadStyle;
  /** Whether they stay in the network that comes out; they do not if this is left out. */
  readonly keepsHeads?: boolean;
  /** Refuses, with the reason, a model this plan cannot serve. Asked once, when a run is created. */
  check(outline: ModelOutline): Result<true>;
  /** The tasks of a round, the lightest first; every role at most once, every trained segment in one task only. */
  tasks(outline: ModelOutline, moment: Moment): readonly Task[];
  /** The exit by which the model is judged at this progress: the whole body's in the end, but for the control. */
  exit(outline: ModelOutline, progress: number): Exit;
}
