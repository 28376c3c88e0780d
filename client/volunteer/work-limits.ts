import { taskMacs } from '../../shared/plan/cost/macs.ts';
import { partExamples } from '../../shared/protocol/dataset.ts';
import { type Lease, segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { parametersOf, segmentById } from '../../shared/protocol/model-outline.ts';

/** What the owner of a device has agreed to for one lease. */
export interface WorkLimits {
  readonly minutes: number;
  /** Of weights and pictures together, whether they are here already or not. */
  readonly downloadMB: number;
}

/** A usual lease takes a minute at most and a few megabytes. The largest networks of the zoo stay within these. */
export const defaultWorkLimits: WorkLimits = { minutes: 15, downloadMB: 500 };

/** A lease that asks for more than the device agreed to. Another one may be fine. */
export class TooMuchWorkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooMuchWorkError';
  }
}

/** What a lease asks for, as the run's outline tells it: a claim of its host. */
export interface ClaimedWork {
  /** Null if the device has not told how fast it is. */
  readonly seconds: number | null;
  readonly bytes: number;
}

const F32_BYTES = 4;

/** @param macsPerSecond of this device; 0 if it is not known */
export function claimedWork(info: RunInfo, lease: Lease, macsPerSecond: number): ClaimedWork {
  const macs = macsAnExample(info, lease) * examplesOf(info, lease);
  return {
    seconds: macsPerSecond === 0 ? null : macs / macsPerSecond,
    bytes: modelBytes(info, lease) + partBytes(info, lease),
  };
}

/** An evaluator's task has no epochs, and goes through all of its segments once. */
const macsAnExample = ({ model }: RunInfo, { task }: Lease): number =>
  Math.max(
    taskMacs(model, task),
    segmentsOf(task).reduce((sum, id) => sum + segmentById(model, id).macs, 0),
  );

/** Counted by the data set's own description, since a lease is a message. */
const examplesOf = ({ spec }: RunInfo, { split, parts }: Lease): number =>
  parts.reduce((sum, part) => sum + partExamples(spec.dataset, split, part), 0);

const modelBytes = ({ model }: RunInfo, { task, segments }: Lease): number =>
  segmentsOf(task).reduce((sum, id) => {
    const told = (segments[id]?.shards ?? []).reduce((bytes, shard) => bytes + shard.bytes, 0);
    return sum + Math.max(told, F32_BYTES * parametersOf(segmentById(model, id)));
  }, 0);

function partBytes({ spec: { dataset } }: RunInfo, { split, parts }: Lease): number {
  if (dataset.kind === 'glyphs') return 0;
  return parts.reduce((sum, part) => sum + (dataset[split][part]?.bytes ?? 0), 0);
}

/**
 * [WORK1] Refuses a lease by what it claims, before anything is downloaded.
 * @throws TooMuchWorkError
 */
export function requireAgreed({ seconds, bytes }: ClaimedWork, limits: WorkLimits): void {
  if (seconds !== null && seconds > 60 * limits.minutes) throw tooLong(seconds, limits);
  if (bytes > 1e6 * limits.downloadMB) throw tooManyBytes(bytes, limits);
}

export const tooManyBytes = (bytes: number, { downloadMB }: WorkLimits): TooMuchWorkError =>
  new TooMuchWorkError(
    `the task has ${inWords(bytes / 1e6)} MB of weights and data to download, and this device agreed to ${downloadMB} MB`,
  );

const tooLong = (seconds: number, { minutes }: WorkLimits): TooMuchWorkError =>
  new TooMuchWorkError(
    `the task would take about ${inWords(seconds / 60)} minutes here, and this device agreed to ${minutes}`,
  );

const inWords = (value: number): string => String(Number(value.toPrecision(2)));

/** Before this, figures say little: libraries warm up. */
const SOONEST_MS = 10_000;

/** Times as much as was claimed. A busy machine was seen to take five times as long as it had measured. */
const FAR_ABOVE = 20;

/** Nobody minds less than this, whatever was claimed. */
const HARMLESS_SECONDS = 60;

/**
 * [WORK2] Watches the real cost of a training. The claim may be a lie, and a layer may take long that counts nothing.
 * @param elapsedMs since the training began
 * @param progress share of it that is done, above 0
 * @returns why it must stop; null if it may go on
 */
export function whyOvertaxed(
  { seconds }: Pick<ClaimedWork, 'seconds'>,
  limits: WorkLimits,
  elapsedMs: number,
  progress: number,
): TooMuchWorkError | null {
  if (elapsedMs >= 60_000 * limits.minutes) return tooLong(elapsedMs / 1_000 / progress, limits);
  if (elapsedMs < SOONEST_MS) return null;
  const whole = elapsedMs / 1_000 / progress;
  // A little over is no reason to throw away what was done.
  if (whole > 2 * 60 * limits.minutes) return tooLong(whole, limits);
  if (seconds === null || whole < HARMLESS_SECONDS || whole < FAR_ABOVE * seconds) return null;
  return new TooMuchWorkError(
    `the task would take about ${inWords(whole / 60)} minutes here, ${inWords(whole / seconds)} times as long as the run says`,
  );
}
