import { codecOf } from '../../../shared/codec/codecs.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { type RoundWork, roundCost, roundsWithin, runCost } from '../../../shared/plan/cost/budget.ts';
import { checkPlan, fitsDevices, planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { CodecSpec } from '../../../shared/protocol/codec-spec.ts';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import { MAX_ROUNDS, type RunSpec, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { memoriesOf } from './devices/device-memory.ts';
import { roundUpdates } from './devices/round-updates.ts';
import type { FederatedData } from './federated-data.ts';
import { type LearningRun, leasesPerRound } from './learning-run.ts';

/** Stands in the spec of a run that is alone, which takes its pictures from memory. */
const NO_DATASET: Dataset = {
  kind: 'glyphs',
  name: 'glyphs',
  seed: 0,
  trainParts: 1,
  testParts: 1,
  examplesPerPart: 1,
  partition: { kind: 'iid' },
};

/** What volunteers send with by default. */
const CODEC: CodecSpec = { name: 'f16' };

/** So many parameters that a header's bytes do not show. */
const MANY = 1_000_000;

/** How far sums of floating-point numbers may be off: not a reason for one round fewer. */
const ROUNDING = 1e-9;

const CONVENTIONAL: PlanSpec = { name: 'conventional', epochs: 1 };

/** The run as the platform would know it, with as many rounds as its budget pays for. */
export function specFor(
  run: LearningRun,
  outline: ModelOutline,
  { shape }: Pick<Examples, 'shape'>,
  cut?: FederatedData,
): RunSpec {
  const leases = leasesPerRound(run);
  const spec = runSpecSchema.parse({
    name: `${run.model} ${run.plan.name}`,
    seed: run.seed,
    dataset: cut?.dataset ?? NO_DATASET,
    plan: run.plan,
    rounds: 1,
    targetAccuracy: 1,
    codec: CODEC,
    training: {
      batch: run.batch,
      learningRate: run.rate,
      partsPerLease: cut?.partsPerLease ?? 1,
      partsFor: run.federated?.ownPictures ? 'volunteer' : 'anyone',
      augment: shape.channels === 3 ? 'flip-and-crop' : 'none',
    },
    policy: {
      rounds: 'synchronous',
      updatesPerRound: leases,
      overIssue: 1,
      minVolunteers: leases,
      evaluators: 'referees',
    },
  });
  const served = checkPlan(run.plan, outline);
  if (!served.ok) throw new Error(served.detail ?? served.reason);
  return { ...spec, rounds: roundsOf(run, spec, outline) };
}

/** @throws if the budget pays for no round, or for more than a run has */
function roundsOf(run: LearningRun, spec: RunSpec, outline: ModelOutline): number {
  const rounds =
    run.match === 'rounds'
      ? conventionalRounds(run)
      : roundsWithin(spec, outline, budgetOf(run, spec, outline));
  const whole = Math.floor(rounds * (1 + ROUNDING));
  if (whole === 0)
    throw new Error(`a budget of ${run.budget} does not pay for one round of ${run.plan.name}`);
  if (whole <= MAX_ROUNDS) return whole;
  throw new Error(`a budget of ${run.budget} is ${whole} rounds, and a run has at most ${MAX_ROUNDS}`);
}

/**
 * Multiply-accumulates that the run will take.
 * @throws if in some round nobody has room for any task
 */
export function expectedMacs(
  run: LearningRun,
  outline: ModelOutline,
  train: Pick<Examples, 'shape'>,
): number {
  const spec = specFor(run, outline, train);
  const memories = memoriesOf(run, spec, outline);
  let macs = 0;
  for (let round = 1; round <= spec.rounds; round++) {
    const tasks = planTasks(spec, outline, round);
    const work = workOf(run, spec, outline, tasks, memories);
    if (run.federated && work.updates === 0)
      throw new Error(`--devices: nobody has room for a task of ${run.plan.name} in round ${round}`);
    macs += roundCost(outline, tasks, work).macs;
  }
  return macs;
}

/** Rounds of conventional training that make so many passes over the pictures. */
const conventionalRounds = (run: LearningRun): number =>
  (run.budget * run.examples) / (leasesPerRound(run) * run.leaseExamples);

/** What so many passes of conventional training over the pictures cost. */
function budgetOf(run: LearningRun, spec: RunSpec, outline: ModelOutline) {
  if (run.match === 'rounds') throw new Error('a number of rounds is no cost');
  const conventional = { ...spec, plan: CONVENTIONAL, rounds: 1 };
  const memories = memoriesOf(run, spec, outline);
  const workFor = (of: RunSpec) => workOf(run, of, outline, planTasks(of, outline, 1), memories);
  const { macs, steps, uploadBytes } = runCost(conventional, outline, workFor(conventional));
  const amount = { flops: macs, steps, bytes: uploadBytes }[run.match] * conventionalRounds(run);
  return { match: run.match, amount: amount * (1 + ROUNDING), work: workFor(spec) };
}

/** Alone, every task of a round has one lease; volunteers share a round's leases among its tasks. */
function workOf(
  run: LearningRun,
  spec: RunSpec,
  outline: ModelOutline,
  tasks: readonly Task[],
  memoriesMB: readonly number[],
): RoundWork {
  return {
    updates: run.federated ? roundUpdates(spec, outline, tasks, memoriesMB) : aloneUpdates(spec, tasks),
    examples: run.leaseExamples,
    batch: run.batch,
    bytesPerParameter: codecOf(CODEC).maxBytes(MANY) / MANY,
  };
}

/** A plan that fits tasks to devices gives the same roles in every round; others change theirs. */
function aloneUpdates(spec: RunSpec, tasks: readonly Task[]): RoundWork['updates'] {
  const done = tasksAlone(spec, tasks).map(({ role }) => role);
  return fitsDevices(spec.plan) ? role => (done.includes(role) ? 1 : 0) : () => 1;
}

/** What one machine that has room for all does of a round: the heaviest task if the plan fits tasks to devices, else all. */
export const tasksAlone = ({ plan }: RunSpec, tasks: readonly Task[]): readonly Task[] =>
  fitsDevices(plan) ? tasks.slice(-1) : tasks;
