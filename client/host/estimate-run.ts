import { codecOf } from '../../shared/codec/codecs.ts';
import { taskMacs } from '../../shared/plan/cost/macs.ts';
import { taskMemoryBytes } from '../../shared/plan/cost/memory.ts';
import { kindsOverRun, type TaskKind } from '../../shared/plan/kinds-over-run.ts';
import { checkPlan, fitsDevices } from '../../shared/plan/plan-tasks.ts';
import { partExamples, splitExamples } from '../../shared/protocol/dataset.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import {
  bodySegments,
  type ModelOutline,
  parametersOf,
  parametersOfBody,
  segmentById,
} from '../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';

/** What a run costs its volunteers, worked out before it is made. */
export interface RunEstimate {
  /** Of the whole network, without heads. */
  readonly parameters: number;
  readonly bytes: number;
  /** Multiply-accumulates of the whole network for one picture. */
  readonly pictureMacs: number;
  /** Of a round that one device does alone, on average: one lease of each role, and the test of the version. */
  readonly roundMacs: number;
  /** Of the heaviest task, for a volunteer who has kept nothing. */
  readonly downloadBytes: number;
  readonly uploadBytes: number;
  /** Of the lightest and of the heaviest task. */
  readonly memoryBytes: readonly [least: number, most: number];
}

const F32_BYTES = 4;

/**
 * What a round takes beside its computing: leases are asked for, and updates are sent, folded and checked. A round of a
 * table, which computes next to nothing, took 0.7 s in one tab of a laptop that did much else meanwhile.
 */
export const EXCHANGE_SECONDS = 0.5;

/** How long a round takes that a device of this speed does alone. */
export const roundSeconds = ({ roundMacs }: Pick<RunEstimate, 'roundMacs'>, macsPerSecond: number): number =>
  roundMacs / macsPerSecond + EXCHANGE_SECONDS;

/** A plan is a matter of shares of a run, so a run of thousands of rounds is estimated by a shorter one. */
const MOST_PLANNED = 100;

/**
 * Works out from the plan's own tasks what a run costs. It is an estimate: a device may have kept what it would download,
 * and how many of a round's updates are one volunteer's depends on who comes.
 * @param isRefereed whether pictures are held back. The first device is the host's then, and a referee too: it trains an
 * update of its own for each role, of about as many pictures as a lease has
 * @returns null if the plan cannot serve this network
 */
export function estimateRun(spec: RunSpec, outline: ModelOutline, isRefereed: boolean): RunEstimate | null {
  const planned = estimable({ ...spec, rounds: Math.min(spec.rounds, MOST_PLANNED) }, outline);
  if (!planned) return null;
  const kinds = kindsOverRun(planned, outline);
  const tasks = kinds.map(({ task }) => task);
  const macs = bodySegments(outline).reduce((sum, segment) => sum + segment.macs, 0);
  const memory = tasks.map(task => taskMemoryBytes(outline, task, spec.training.batch));
  const updates = isRefereed ? 2 : 1;
  const testMacs = macs * splitExamples(spec.dataset, 'test');
  return {
    parameters: parametersOfBody(outline),
    bytes: F32_BYTES * parametersOfBody(outline),
    pictureMacs: macs,
    roundMacs: (updates * trainingMacs(planned, outline, kinds)) / planned.rounds + testMacs,
    downloadBytes: Math.max(...tasks.map(task => bytesOf(outline, segmentsOf(task), F32_BYTES))),
    uploadBytes: Math.max(
      ...tasks.map(task => codecOf(spec.codec).maxBytes(parametersIn(outline, task.trains))),
    ),
    memoryBytes: [Math.min(...memory), Math.max(...memory)],
  };
}

/**
 * The spec with a plan that these costs are known of. What a narrower copy of a network costs is not told by an outline of
 * the zoo, and is not more than the whole network costs.
 */
function estimable(spec: RunSpec, outline: ModelOutline): RunSpec | null {
  if (spec.plan.name === 'sub-networks')
    return { ...spec, plan: { name: 'conventional', epochs: spec.plan.epochs } };
  return checkPlan(spec.plan, outline).ok ? spec : null;
}

/** Of all rounds of a device that does each role once a round or, if the plan fits tasks to devices, the heaviest one. */
function trainingMacs(spec: RunSpec, outline: ModelOutline, kinds: readonly TaskKind[]): number {
  const examples = leaseExamples(spec);
  const costs = kinds.map(({ task, rounds }) => ({ macs: taskMacs(outline, task) * examples, rounds }));
  if (fitsDevices(spec.plan)) return Math.max(...costs.map(({ macs }) => macs)) * spec.rounds;
  return costs.reduce((sum, { macs, rounds }) => sum + macs * rounds, 0);
}

const leaseExamples = ({ dataset, training }: RunSpec): number =>
  training.partsPerLease * partExamples(dataset, 'train', 0);

const parametersIn = (outline: ModelOutline, ids: readonly string[]): number =>
  ids.reduce((sum, id) => sum + parametersOf(segmentById(outline, id)), 0);

const bytesOf = (outline: ModelOutline, ids: readonly string[], each: number): number =>
  each * parametersIn(outline, ids);
