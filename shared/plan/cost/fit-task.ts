import { segmentsOf, type Task, throughOf } from '../../protocol/lease.ts';
import type { Device } from '../../protocol/messages.ts';
import { type ModelOutline, parametersOf, segmentById } from '../../protocol/model-outline.ts';
import { branchesIn, distilSources, type GradientBlock, gradientBlocks } from '../task/gradient-blocks.ts';

/**
 * Numbers in memory at a step's peak for each activation that the outline counts: tfjs lets go of neither outputs nor
 * gradients before the step ends, so twice, and what goes on within a layer (bias, padding, a concatenation's pieces)
 * takes the rest. Measured on the zoo: 2.4 to 2.6; a test holds it to what a trainer measures.
 */
const KEPT_AN_ACTIVATION = 2.7;

/**
 * Peak memory of a task in bytes: 12 a trained parameter (weight, gradient, momentum), 4 another's (learning.md, "Where
 * to cut"), and what the activations of a batch take in tfjs: of all that a gradient goes through at once.
 */
export function taskMemoryBytes(outline: ModelOutline, task: Task, batch: number): number {
  const trained = new Set(task.trains);
  const weights = segmentsOf(task).reduce(
    (sum, id) => sum + (trained.has(id) ? 12 : 4) * parametersOf(segmentById(outline, id)),
    0,
  );
  return weights + 4 * KEPT_AN_ACTIVATION * batch * keptActivations(outline, task);
}

/** Numbers an example that a task keeps for its gradients: of all that one goes through at once. */
export function keptActivations(outline: ModelOutline, task: Task): number {
  const trained = new Set(task.trains);
  const kept = gradientBlocks(task).map(stage =>
    costsOf(stage, trained).reduce(
      (sum, { id, passes }) => sum + (passes > 1 ? segmentById(outline, id).activations : 0),
      0,
    ),
  );
  return Math.max(...kept);
}

/**
 * Multiply-accumulates of a task an example (learning.md, "A fair comparison"): the frozen segments once a view; an
 * epoch three passes through what is trained, two through what a gradient crosses on its way, one through the rest. A
 * rival that is an exit's answer too costs nothing.
 */
export function taskMacs(outline: ModelOutline, task: Task): number {
  const macsOf = (id: string): number => segmentById(outline, id).macs;
  const trained = new Set(task.trains);
  const frozen = task.frozen.reduce((sum, id) => sum + macsOf(id), 0);
  const steps = gradientBlocks(task).flatMap(stage => costsOf(stage, trained));
  const sources = distilSources(task).flatMap(throughOf);
  const epoch =
    steps.reduce((sum, { id, passes }) => sum + passes * macsOf(id), 0) +
    sources.reduce((sum, id) => sum + macsOf(id), 0);
  return task.views * frozen + task.epochs * epoch;
}

interface Cost {
  readonly id: string;
  /** Forward, gradient to the input, gradient to the weights. */
  readonly passes: 1 | 2 | 3;
}

/** What a stage runs: its path, behind whose first trained segment gradients flow, and its exits. */
function costsOf({ path, exits }: GradientBlock, trained: ReadonlySet<string>): Cost[] {
  const first = path.findIndex(id => trained.has(id));
  const passes = (id: string, isReached: boolean): Cost => ({
    id,
    passes: trained.has(id) ? 3 : isReached ? 2 : 1,
  });
  return [
    ...path.map((id, place) => passes(id, first >= 0 && place > first)),
    // What hangs on the last frozen segment no gradient crosses.
    ...branchesIn(exits).flatMap(({ after, through }) =>
      through.map(id => passes(id, first >= 0 && path.indexOf(after) >= first)),
    ),
  ];
}

/** Below this a step costs more in overhead than in arithmetic. */
const LEAST_BATCH = 4;

/** The fewest examples of a batch that a pass is ever cut down to. */
export const leastBatch = (batch: number): number => Math.min(batch, LEAST_BATCH);

/**
 * Examples a forward and backward pass may hold at once: the batch, or the largest half, quarter, … of it whose memory
 * fits; 0 where even the least does not. A batch done in parts gives one update, so the learning is the same.
 * @param memoryMB of the device; 0 where it did not say, and then all fits
 */
export function fittingBatch(outline: ModelOutline, task: Task, batch: number, memoryMB: number): number {
  const fits = memoryMB === 0 || taskMemoryBytes(outline, task, batch) <= memoryMB * 1e6;
  if (fits) return batch;
  return batch > LEAST_BATCH
    ? fittingBatch(outline, task, Math.max(LEAST_BATCH, Math.ceil(batch / 2)), memoryMB)
    : 0;
}

/** What a lease asks of a device beside the task itself. */
export interface LeaseWork {
  readonly batch: number;
  readonly examples: number;
  readonly leaseMs: number;
}

/** Whether a device can do the task in half the lease's time and in its memory; what it did not say does not count. */
export function fitsDevice(outline: ModelOutline, task: Task, device: Device, work: LeaseWork): boolean {
  const fitsMemory = fittingBatch(outline, task, work.batch, device.memoryMB) > 0;
  const seconds =
    device.macsPerSecond === 0 ? 0 : (taskMacs(outline, task) * work.examples) / device.macsPerSecond;
  return fitsMemory && seconds * 1_000 <= work.leaseMs / 2;
}
