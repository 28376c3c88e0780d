import * as z from 'zod';
import { codecOf } from '../../../shared/codec/codecs.ts';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { keptActivations, taskMemoryBytes } from '../../../shared/plan/cost/memory.ts';
import { kindsOverRun } from '../../../shared/plan/kinds-over-run.ts';
import { segmentsOf, type Task } from '../../../shared/protocol/lease.ts';
import {
  bodySegments,
  type ModelOutline,
  parametersOf,
  type Segment,
  segmentById,
} from '../../../shared/protocol/model-outline.ts';
import { narrowOutline } from '../../../shared/protocol/narrow-outline.ts';
import { progressAt, type RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { BuiltModel } from '../../trainer/trainer-api.ts';

/** What a segment costs, and its share of the whole body. */
export interface SegmentReport {
  readonly id: string;
  readonly kind: Segment['kind'];
  /** Names of its first and last layer. */
  readonly layers: readonly [first: string, last: string];
  readonly parameters: number;
  /** Multiply-accumulates of one forward pass over one example. */
  readonly macs: number;
  /** Numbers kept for the backward pass of one example. */
  readonly activations: number;
  readonly share: Readonly<Record<'parameters' | 'macs' | 'activations', number>>;
}

/** A task of the plan, and the span of the run in which volunteers get it. */
export interface TaskReport {
  readonly role: string;
  /** The run's progress when the first of these tasks begins and when the last has ended. */
  readonly from: number;
  readonly to: number;
  /** The task comes in one of this many rounds between them. */
  readonly everyRounds: number;
  readonly trains: readonly string[];
  readonly frozen: readonly string[];
  /** How many parameters it trains. */
  readonly parameters: number;
  /** Multiply-accumulates for one example in one lease, over every pass of every epoch. */
  readonly macs: number;
  /** Numbers kept for the gradients of one example. */
  readonly activations: number;
  readonly memoryBytes: number;
  /** What a volunteer who has kept nothing downloads for one lease. */
  readonly downloadBytes: number;
  readonly uploadBytes: number;
}

/** The segments of a built model, body first, as the table in shared/plan/README.md, "Where to cut". */
export function reportSegments({ outline, blobs }: BuiltModel): SegmentReport[] {
  const body = bodySegments(outline).map(costsOf);
  const whole = (cost: keyof Costs): number => body.reduce((sum, costs) => sum + costs[cost], 0) || 1;
  return outline.segments.map(segment => {
    const costs = costsOf(segment);
    const share = {
      parameters: costs.parameters / whole('parameters'),
      macs: costs.macs / whole('macs'),
      activations: costs.activations / whole('activations'),
    };
    const topology = blobs.find(({ sha256 }) => sha256 === segment.topology);
    return { id: segment.id, kind: segment.kind, layers: endsOf(topology?.bytes), ...costs, share };
  });
}

type Costs = Pick<SegmentReport, 'parameters' | 'macs' | 'activations'>;

const costsOf = (segment: Segment): Costs => ({
  parameters: parametersOf(segment),
  macs: segment.macs,
  activations: segment.activations,
});

const topologySchema = z.object({
  config: z.object({ layers: z.array(z.object({ class_name: z.string(), name: z.string() })) }),
});

function endsOf(topology: Uint8Array | undefined): [string, string] {
  const parsed = topologySchema.safeParse(topology && parseJsonBytes(topology));
  const layers = (parsed.data?.config.layers ?? []).filter(({ class_name }) => class_name !== 'InputLayer');
  return [layers.at(0)?.name ?? '', layers.at(-1)?.name ?? ''];
}

/** Every task that the plan gives in this run, in the order in which the tasks first come. */
export function reportTasks(spec: RunSpec, outline: ModelOutline): TaskReport[] {
  return kindsOverRun(spec, outline).map(({ task, firstRound, lastRound, rounds }) => ({
    from: progressAt(spec, firstRound),
    to: progressAt(spec, lastRound + 1),
    everyRounds: Math.max(1, Math.round((lastRound - firstRound) / Math.max(1, rounds - 1))),
    ...costsOfTask(spec, outline, task),
  }));
}

function costsOfTask(spec: RunSpec, outline: ModelOutline, task: Task) {
  const narrow = narrowOutline(outline, task.slices);
  const parameters = (model: ModelOutline, ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + parametersOf(segmentById(model, id)), 0);
  return {
    role: task.role,
    trains: task.trains,
    frozen: task.frozen,
    parameters: parameters(narrow, task.trains),
    macs: taskMacs(outline, task),
    activations: keptActivations(outline, task),
    memoryBytes: taskMemoryBytes(outline, task, spec.training.batch),
    downloadBytes: codecOf({ name: 'f32' }).maxBytes(parameters(outline, segmentsOf(task))),
    uploadBytes: codecOf(spec.codec).maxBytes(parameters(narrow, task.trains)),
  };
}
