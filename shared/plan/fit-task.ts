import { segmentsOf, type Task } from '../protocol/lease.ts';
import type { Device } from '../protocol/messages.ts';
import { type ModelOutline, parametersOf, segmentById } from '../protocol/model-outline.ts';

/**
 * Peak memory of a task in bytes: 12 a trained parameter (weight, gradient, momentum), 4 a frozen one, 4 an activation
 * kept for the backward pass of a batch (learning.md, "Where to cut").
 */
export function taskMemoryBytes(outline: ModelOutline, task: Task, batch: number): number {
  const trained = new Set(task.trains);
  return segmentsOf(task).reduce((sum, id) => {
    const segment = segmentById(outline, id);
    return trained.has(id)
      ? sum + 12 * parametersOf(segment) + 4 * batch * segment.activations
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

/** Whether a device can do the task in half the lease's time and in its memory; what it did not say does not count. */
export function fitsDevice(
  outline: ModelOutline,
  task: Task,
  device: Device,
  work: { readonly batch: number; readonly examples: number; readonly leaseMs: number },
): boolean {
  const fitsMemory =
    device.memoryMB === 0 || taskMemoryBytes(outline, task, work.batch) <= device.memoryMB * 1e6;
  const seconds =
    device.macsPerSecond === 0 ? 0 : (taskMacs(outline, task) * work.examples) / device.macsPerSecond;
  return fitsMemory && seconds * 1_000 <= work.leaseMs / 2;
}
