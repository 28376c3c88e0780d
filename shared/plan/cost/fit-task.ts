import type { Task } from '../../protocol/lease.ts';
import type { Device } from '../../protocol/messages.ts';
import type { ModelOutline } from '../../protocol/model-outline.ts';
import { taskMacs } from './macs.ts';
import { taskMemoryBytes } from './memory.ts';

/** Below this a step costs more in overhead than in arithmetic. */
const LEAST_BATCH = 4;

/**
 * Examples that a forward and backward pass may hold at once: the batch, or the largest half, quarter, … of it whose
 * memory fits; 0 if even the least does not. A batch that is done in several passes gives one update, so the learning
 * is the same.
 * @param memoryMB of the device; 0 if it did not say, and then all fits
 */
export function fittingBatch(outline: ModelOutline, task: Task, batch: number, memoryMB: number): number {
  if (holds(taskMemoryBytes(outline, task, batch), memoryMB)) return batch;
  return batch > LEAST_BATCH
    ? fittingBatch(outline, task, Math.max(LEAST_BATCH, Math.ceil(batch / 2)), memoryMB)
    : 0;
}

const holds = (bytes: number, memoryMB: number): boolean => memoryMB === 0 || bytes <= memoryMB * 1e6;

/** What a lease of a task asks of a device: worked out once, compared with many devices. */
export interface Need {
  /** In the smallest batch. */
  readonly bytes: number;
  /** Multiply-accumulates over all its examples. */
  readonly macs: number;
}

/** What a lease is of, beside the task itself. */
export interface LeaseSize {
  /** Of the run. */
  readonly batch: number;
  readonly examples: number;
}

export const needOf = (outline: ModelOutline, task: Task, { batch, examples }: LeaseSize): Need => ({
  bytes: taskMemoryBytes(outline, task, Math.min(batch, LEAST_BATCH)),
  macs: taskMacs(outline, task) * examples,
});

/** Whether a device has the memory; one that did not say has. */
export const hasMemory = ({ bytes }: Need, { memoryMB }: Device): boolean => holds(bytes, memoryMB);

/** How long a device takes; no time if it did not say how fast it is. */
export const secondsOf = ({ macs }: Need, { macsPerSecond }: Device): number =>
  macsPerSecond === 0 ? 0 : macs / macsPerSecond;

/** Seconds that a lease of so many milliseconds leaves for its task: half, so that two fit into one ([LEASE12]). */
export const mostSeconds = (leaseMs: number): number => leaseMs / 2_000;

/**
 * [LEASE13] Whether a device can do a lease of so many milliseconds. Seconds are compared as two quotients, each rounded
 * once, so that a device at the bound is let in whatever the figures.
 */
export const fits = (need: Need, device: Device, leaseMs: number): boolean =>
  hasMemory(need, device) && secondsOf(need, device) <= mostSeconds(leaseMs);

/** The same of a task and a device that are asked about once. */
export const fitsDevice = (
  outline: ModelOutline,
  task: Task,
  device: Device,
  { leaseMs, ...size }: LeaseSize & { readonly leaseMs: number },
): boolean => fits(needOf(outline, task, size), device, leaseMs);
