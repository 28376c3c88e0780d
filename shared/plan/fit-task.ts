import { segmentsOf, type Task } from '../protocol/lease.ts';
import type { Device } from '../protocol/messages.ts';
import { type ModelOutline, parametersOf, segmentById } from '../protocol/model-outline.ts';

/**
 * Numbers in memory at a step's peak for each activation that the outline counts: tfjs lets go of neither outputs nor
 * gradients before the step ends, so twice, and what goes on within a layer (bias, padding, a concatenation's pieces)
 * takes the rest. Measured on the zoo: 2.4 to 2.6; a test holds it to what a trainer measures.
 */
const KEPT_AN_ACTIVATION = 2.7;

/**
 * Peak memory of a task in bytes: 12 a trained parameter (weight, gradient, momentum), 4 a frozen one (learning.md,
 * "Where to cut"), and what the activations of a batch take in tfjs.
 */
export function taskMemoryBytes(outline: ModelOutline, task: Task, batch: number): number {
  const trained = new Set(task.trains);
  return segmentsOf(task).reduce((sum, id) => {
    const segment = segmentById(outline, id);
    return trained.has(id)
      ? sum + 12 * parametersOf(segment) + 4 * KEPT_AN_ACTIVATION * batch * segment.activations
      : sum + 4 * parametersOf(segment);
  }, 0);
}

/**
 * Multiply-accumulates of a task an example (learning.md, "A fair comparison"): 3 a trained segment an epoch, the
 * frozen features once, a rival's forward pass an epoch.
 */
export function taskMacs(outline: ModelOutline, task: Task): number {
  const macs = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + segmentById(outline, id).macs, 0);
  return macs(task.frozen) + task.epochs * (3 * macs(task.trains) + macs(task.distil?.through ?? []));
}

/** Below this a step costs more in overhead than in arithmetic. */
const LEAST_BATCH = 4;

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

/** Whether a device can do the task in half the lease's time and in its memory; what it did not say does not count. */
export function fitsDevice(
  outline: ModelOutline,
  task: Task,
  device: Device,
  work: { readonly batch: number; readonly examples: number; readonly leaseMs: number },
): boolean {
  const fitsMemory = fittingBatch(outline, task, work.batch, device.memoryMB) > 0;
  const seconds =
    device.macsPerSecond === 0 ? 0 : (taskMacs(outline, task) * work.examples) / device.macsPerSecond;
  return fitsMemory && seconds * 1_000 <= work.leaseMs / 2;
}
