import type { HeadStyle } from '../protocol/head-style.ts';
import type { Exit, JointAnswer, Task } from '../protocol/lease.ts';
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
  /** How they answer with the network that comes out; false or left out if they do not stay in it. */
  readonly keepsHeads?: JointAnswer | false;
  /** Refuses, with the reason, a model this plan cannot serve. Asked once, when a run is created. */
  check(outline: ModelOutline): Result<true>;
  /**
   * Whether a device is given the heaviest task of the round that fits it, and no other. Else volunteers take the tasks
   * in turn.
   */
  readonly fitsDevices?: boolean;
  /**
   * The tasks of a round, the lightest first; every role at most once. A segment may be trained in several of them, if
   * the plan fits tasks to devices.
   */
  tasks(outline: ModelOutline, moment: Moment): readonly Task[];
  /**
   * The number of the stage that this progress is in: within one stage every round has tasks of the same kinds. Left out
   * if a round may have other kinds than the one before, as it has if turns are taken.
   */
  stageAt?(progress: number): number;
  /** The exit by which the model is judged at this progress: the whole body's in the end, but for the control. */
  exit(outline: ModelOutline, progress: number): Exit;
}
