import {
  answersIn,
  type Crowd,
  coordinatorCallsASecond,
  crowdUse,
  timesUse,
} from '../../../shared/cost/crowd-use.ts';
import { type PlanCosts, planCosts } from '../../../shared/cost/plan-costs.ts';
import { type RunSize, runSize } from '../../../shared/cost/run-size.ts';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { tasksOverRun } from '../../../shared/plan/kinds-over-run.ts';
import { checkPlan, networkFor } from '../../../shared/plan/plan-tasks.ts';
import { partExamples } from '../../../shared/protocol/dataset.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { PlanName } from '../../../shared/protocol/plan-spec.ts';
import { refusals } from '../../../shared/protocol/refusals.ts';
import { MOST_VOLUNTEERS, type RunSpec, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { defaultGlyphs, defaultSpec } from '../../host/default-spec.ts';
import { EXCHANGE_SECONDS } from '../../host/estimate-run.ts';
import { zooOutline } from '../../host/zoo/zoo-outline.ts';
import { requirePlan } from '../plan/require-plan.ts';
import { UsageError } from '../terminal/usage-error.ts';

export interface CostQuestion {
  readonly volunteers: number;
  readonly minutes: number;
  readonly days: number;
  readonly updates?: number;
  readonly model: string;
  readonly plan: PlanName;
  readonly leaseSeconds?: number;
  readonly spectators: number;
}

/** What is reckoned, and what it is reckoned from. */
export interface CostReply {
  readonly runs: number;
  readonly updatesPerRound: number;
  readonly roundSeconds: number;
  /** Of all runs together. */
  readonly answers: number;
  readonly coordinatorCallsASecond: number;
  readonly withR2: PlanCosts;
  readonly withoutR2: PlanCosts;
}

/** The median laptop of the simulator's crowds. */
const MACS_PER_SECOND = 2e9;

/**
 * A round closes when about three of four devices are done that were given work of it. In the simulator's crowds that takes so
 * many times as long as the median device computes.
 */
const SLOWER = 1.8;

/** A plan is a matter of shares of a run, and a run of many rounds takes long to plan. */
const PLANNED_ROUNDS = 100;

/** As in the simulator: a tenth of the volunteers. */
const usualUpdates = (volunteers: number): number => Math.min(500, Math.max(4, Math.round(volunteers / 10)));

/** @throws UsageError if the plan cannot serve the network */
export function reckonCost(question: CostQuestion): CostReply {
  const { minutes, days } = question;
  const spec = specOf(question);
  const outline = outlineOf(question, spec);
  const size = runSize(spec, outline);
  const runs = Math.ceil(question.volunteers / MOST_VOLUNTEERS);
  const crowd = crowdOf(question, runs, question.leaseSeconds ?? secondsOf(spec, outline));
  const on = (hasR2: boolean): PlanCosts => planCosts(useOf(size, { ...crowd, hasR2 }, runs), minutes, days);
  return {
    runs,
    updatesPerRound: crowd.updatesPerRound,
    roundSeconds: crowd.roundSeconds,
    answers: Math.round(runs * answersIn(crowd)),
    coordinatorCallsASecond: coordinatorCallsASecond(size, crowd),
    withR2: on(true),
    withoutR2: on(false),
  };
}

const useOf = (size: RunSize, crowd: Crowd, runs: number) => timesUse(crowdUse(size, crowd), runs);

/** An outline of the zoo does not say what a narrower copy costs. It is no more than the whole network. */
const outlined = (plan: PlanName): PlanName => (plan === 'sub-networks' ? 'conventional' : plan);

const specOf = ({ model, plan }: CostQuestion): RunSpec =>
  runSpecSchema.parse({
    ...defaultSpec({
      ...{ name: 'cost', seed: 1, dataset: defaultGlyphs(1), model, plan, rounds: PLANNED_ROUNDS },
    }),
    plan: requirePlan({ plan: outlined(plan), set: {} }),
  });

/** Of pictures as those of the built-in data set, and cut in two, as it is if nobody says otherwise. */
function outlineOf({ model, plan }: CostQuestion, spec: RunSpec): ModelOutline {
  const shape = { height: 28, width: 28, channels: 1 };
  const { heads } = networkFor(spec.plan);
  const outline = zooOutline({ name: model, shape, classes: 10, segments: 2, heads });
  if (!outline) throw new UsageError(`--model ${model}: it cannot be cut in two`);
  const check = checkPlan(spec.plan, outline);
  if (!check.ok) throw new UsageError(`--plan ${plan}: ${check.detail ?? refusals[check.reason].text}`);
  return outline;
}

function secondsOf(spec: RunSpec, outline: ModelOutline): number {
  const tasks = tasksOverRun(spec, outline);
  const macs = tasks.reduce((sum, task) => sum + taskMacs(outline, task), 0) / tasks.length;
  const examples = spec.training.partsPerLease * partExamples(spec.dataset, 'train', 0);
  return (macs * examples) / MACS_PER_SECOND;
}

/** Of one of the runs. */
function crowdOf(question: CostQuestion, runs: number, leaseSeconds: number): Crowd {
  const volunteers = Math.ceil(question.volunteers / runs);
  const roundSeconds = SLOWER * leaseSeconds + EXCHANGE_SECONDS;
  return {
    volunteers,
    roundSeconds,
    rounds: (60 * question.minutes) / roundSeconds,
    updatesPerRound: question.updates ?? usualUpdates(volunteers),
    spectators: Math.ceil(question.spectators / runs),
    hasR2: true,
  };
}
