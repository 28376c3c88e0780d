import {
  fits as fitsWithin,
  hasMemory,
  mostSeconds,
  type Need,
  needOf as needOfTask,
  secondsOf,
} from '../../plan/cost/fit-task.ts';
import { kindsOverRun } from '../../plan/kinds-over-run.ts';
import { partExamples } from '../../protocol/dataset.ts';
import type { LeastDevice } from '../../protocol/events.ts';
import type { Task } from '../../protocol/lease.ts';
import type { Device } from '../../protocol/messages.ts';
import { volunteersParts } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';

/** Of each task the need that was asked for last. Leases of a task are nearly all of one size. */
const lastNeeds = new WeakMap<Task, { readonly examples: number; readonly need: Need }>();

export function needOf({ spec, model }: RunConfig, task: Task, examples: number): Need {
  const kept = lastNeeds.get(task);
  if (kept?.examples === examples) return kept.need;
  const need = needOfTask(model, task, { batch: spec.training.batch, examples });
  lastNeeds.set(task, { examples, need });
  return need;
}

/** [LEASE13] Whether a device can do it within a lease of this run. */
export const fits = ({ spec }: RunConfig, need: Need, device: Device): boolean =>
  fitsWithin(need, device, leaseMs(spec));

/** Whether a faster device of the same memory could do it. */
export const isOnlySlow = (config: RunConfig, need: Need, device: Device): boolean =>
  hasMemory(need, device) && !fits(config, need, device);

/** The weakest device that can do it within a lease of this run. */
export const leastDevice = ({ spec }: RunConfig, { bytes, macs }: Need): LeastDevice => ({
  memoryMB: Math.ceil(bytes / 1e3) / 1e3,
  macsPerSecond: Math.ceil(macs / mostSeconds(leaseMs(spec))),
});

/** No lease outlives its round. */
const leaseMs = ({ policy }: RunSpec): number => Math.min(policy.leaseMs, policy.roundMs);

/**
 * [LEASE15] Why no task from this round on fits this device, in words for its owner. They say what the lightest task
 * needs and what the device has. Null if a task fits.
 */
export function whyUseless(config: RunConfig, round: number, device: Device): string | null {
  const needs = needsOverRun(config).filter(({ lastRound }) => lastRound >= round);
  if (needs.some(need => fits(config, need, device))) return null;
  const seconds = needs.filter(need => hasMemory(need, device)).map(need => secondsOf(need, device));
  if (seconds.length > 0)
    return `this device is too slow for the rest of this run: its quickest task would take about ${rounded(Math.min(...seconds))} s, and a lease leaves at most ${rounded(mostSeconds(leaseMs(config.spec)))} s`;
  const leastMB = Math.min(...needs.map(({ bytes }) => bytes)) / 1e6;
  return `this device has too little memory for the rest of this run: the lightest task needs about ${rounded(leastMB)} MB, and it has ${rounded(device.memoryMB)} MB`;
}

const rounded = (value: number): number => (value < 10 ? Number(value.toPrecision(2)) : Math.round(value));

interface NeedOverRun extends Need {
  readonly lastRound: number;
}

/** Kept for each run, since a plan is asked for every round of it. That must not happen whenever somebody waits. */
const known = new WeakMap<RunConfig, readonly NeedOverRun[]>();

/** The needs of every kind of task that the run ever gives, each with the run's smallest lease. */
function needsOverRun(config: RunConfig): readonly NeedOverRun[] {
  const kept = known.get(config);
  if (kept) return kept;
  const examples = smallestLease(config);
  const needs = kindsOverRun(config.spec, config.model).map(({ task, lastRound }) => ({
    ...needOf(config, task, examples),
    lastRound,
  }));
  known.set(config, needs);
  return needs;
}

/** Examples of the smallest lease: as many of the smallest part as a lease has parts. */
function smallestLease({ spec: { dataset, root, training } }: RunConfig): number {
  const parts = volunteersParts({ dataset, root });
  let fewest = Number.POSITIVE_INFINITY;
  for (let part = 0; part < parts; part++) fewest = Math.min(fewest, partExamples(dataset, 'train', part));
  return fewest * Math.min(training.partsPerLease, parts);
}
