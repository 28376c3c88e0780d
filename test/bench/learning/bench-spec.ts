import { codecOf } from '../../../shared/codec/codecs.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { type Budget, type RoundWork, roundsWithin, runCost } from '../../../shared/plan/cost/budget.ts';
import { checkPlan } from '../../../shared/plan/plan-tasks.ts';
import type { CodecSpec } from '../../../shared/protocol/codec-spec.ts';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import { type RunSpec, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import type { FederatedData } from './federated-data.ts';
import type { LearningRun } from './learning-run.ts';

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
  { shape }: Examples,
  cut?: FederatedData,
): RunSpec {
  const leases = leasesOf(run);
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
      augment: shape.channels === 3 ? 'flip-and-crop' : 'none',
    },
    policy: { updatesPerRound: leases, overIssue: 1, minVolunteers: leases, evaluators: 'referees' },
  });
  const served = checkPlan(run.plan, outline);
  if (!served.ok) throw new Error(served.detail ?? served.reason);
  const rounds = roundsWithin(spec, outline, budgetOf(run, spec, outline));
  if (rounds === 0)
    throw new Error(`a budget of ${run.budget} does not pay for one round of ${run.plan.name}`);
  return { ...spec, rounds };
}

/** Multiply-accumulates that the run will take. */
export const expectedMacs = (run: LearningRun, outline: ModelOutline, train: Examples): number =>
  runCost(specFor(run, outline, train), outline, workOf(run)).macs;

/** What so many passes of conventional training over the pictures cost. */
function budgetOf(run: LearningRun, spec: RunSpec, outline: ModelOutline): Budget {
  const work = workOf(run);
  const rounds = (run.budget * run.examples) / (leasesOf(run) * run.leaseExamples);
  const { macs, steps, uploadBytes } = runCost({ ...spec, plan: CONVENTIONAL, rounds: 1 }, outline, work);
  const amount = { flops: macs, steps, bytes: uploadBytes }[run.match] * rounds;
  return { match: run.match, amount: amount * (1 + ROUNDING), work };
}

/** Alone, every task of a round has one lease; volunteers share a round's leases among its tasks. */
const workOf = ({ federated, leaseExamples, batch }: LearningRun): RoundWork => ({
  updates: federated ? federated.volunteers : () => 1,
  examples: leaseExamples,
  batch,
  bytesPerParameter: codecOf(CODEC).maxBytes(MANY) / MANY,
});

const leasesOf = ({ federated }: LearningRun): number => federated?.volunteers ?? 1;
