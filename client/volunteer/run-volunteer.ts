import { proxy } from 'comlink';
import { largestDownload } from '../../shared/view/exchange-cost.ts';
import { retryUntilReached } from '../platform/retry-until-reached.ts';
import type {
  BackendChoice,
  LeaseJob,
  LeaseResult,
  StartedTrainer,
  TrainerInfo,
} from '../trainer/trainer-api.ts';
import { BlobSource } from './blob-cache.ts';
import { compileTasks } from './compile-tasks.ts';
import { asLeaseFailure, FailureBackoff, type LeaseFailure, reasonOf } from './failure-backoff.ts';
import { followRun } from './follow-run.ts';
import { type HeldLease, LeasePipeline } from './lease-pipeline.ts';
import type { PreparedJob } from './prepare-job.ts';
import { markStep, timed } from './user-timing.ts';
import type { VolunteerIdentity, VolunteerOptions, Work } from './volunteer-options.ts';
import { noLease, type StatusTracker, trackStatus, type VolunteerStatus } from './volunteer-status.ts';
import { waitingIn } from './waiting-in.ts';
import { wakeSpreadMs } from './wake-up.ts';

/** The next lease is asked for when this one has so long to go: time for its download, and no longer from others. */
const AHEAD_MS = 3_000;

/**
 * A volunteer, from joining to the run's end, the same in a browser and in Node: take a lease, train, hand the result
 * to the upload, again. Downloads and uploads run beside the training. Whatever breaks, at most the leases in hand are
 * lost.
 * @returns the last status, `stopped`; rejects, with the status `failed`, where it cannot go on
 */
export async function runVolunteer(options: VolunteerOptions): Promise<VolunteerStatus> {
  const { control } = options;
  const status = trackStatus(options.onStatus);
  try {
    await volunteer(options, status);
  } catch (error) {
    if (!control.stopped.aborted) {
      status.set({ activity: 'failed', note: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
  const note = control.stopped.aborted ? 'stopped' : null;
  return status.set({ activity: 'stopped', note, ...noLease });
}

async function volunteer(options: VolunteerOptions, status: StatusTracker): Promise<void> {
  const { control } = options;
  const work = await arrive(options, status);
  if (!work) return;
  const leases = new LeasePipeline(work);
  const followed = followRun(work, leases);
  const setbacks = new FailureBackoff();
  try {
    while (!control.isDone) {
      if (control.paused) {
        await leases.giveBackAhead();
        // It took a moment, in which people change their minds.
        if (!control.paused) continue;
        status.set({ activity: 'paused', note: 'paused', ...noLease });
        await control.rest(Number.POSITIVE_INFINITY);
        continue;
      }
      const heard = control.nudges;
      const next = await leases.next();
      if (!next) continue;
      if (next.type === 'finished') return;
      if (next.type === 'wait') {
        // The answer on its way may be all that is waited for.
        if (await leases.sent()) continue;
        status.set({ activity: 'waiting', note: next.reason, ...noLease });
        const wakeMs = Math.random() * wakeSpreadMs(followed.view, next.retryAfterMs);
        await control.sleep(next.retryAfterMs, heard, wakeMs);
        continue;
      }
      const setback = await workLease(work, leases, next);
      const restMs = setback && setbacks.restAfter(setback, Math.random());
      if (restMs) await control.rest(restMs);
      if (!setback) setbacks.forget();
    }
  } finally {
    followed.close();
    await leases.giveBackAhead();
    await leases.sent();
  }
}

/** The trainer started, the run known, the volunteer among those who joined; null where it was stopped before. */
async function arrive(options: VolunteerOptions, status: StatusTracker): Promise<Work | null> {
  const { client, run, control } = options;
  const [started, info] = await Promise.all([
    startTrainer(options, status),
    retryUntilReached(waitingIn(control, status), () => client.run(run, control.stopped)),
  ]);
  if (!info) return null;
  const blobs = new BlobSource(client, options.cache, control.stopped);
  // Before it joins: a run that waits for volunteers waits for those who can begin.
  const device = await compileTasks({ options, info, blobs, status }, started);
  status.set({ note: 'joining the run' });
  const identity = options.identity ?? (await timed('join', () => join(options, device)));
  options.onIdentity?.(identity);
  status.set({ volunteer: identity.volunteer });
  return { options, info, identity, blobs, status };
}

const preparing: Readonly<Record<BackendChoice, string>> = {
  auto: 'preparing what is fastest here',
  webgpu: 'preparing the graphics card',
  wasm: 'preparing WebAssembly',
  cpu: 'preparing the processor',
};

/** Loading is all from the page's beginning to the trainer's. */
async function startTrainer(
  { trainer, trainerOptions }: VolunteerOptions,
  status: StatusTracker,
): Promise<StartedTrainer> {
  status.set({ note: 'loading the trainer' });
  // Nothing to cancel yet: whoever answers has loaded.
  const loaded = trainer.cancel().then(() => status.set({ note: preparing[trainerOptions.backend] }));
  const [device] = await Promise.all([trainer.start(trainerOptions), loaded]);
  const startedAt = performance.now() - device.startMs;
  markStep('load', 0, startedAt);
  markStep('compile', startedAt);
  status.set({ backend: device.backend, threads: device.threads, fallback: device.note });
  return device;
}

async function join(
  { client, run, name, memoryMB, code, hostKey }: VolunteerOptions,
  { backend, macsPerSecond }: TrainerInfo,
): Promise<VolunteerIdentity> {
  const request = { name, device: { backend, macsPerSecond, memoryMB } };
  return client.join(run, code === undefined ? request : { ...request, code }, hostKey);
}

/**
 * One lease, from its download to the beginning of its upload. A pause or stop gives it back, and so does a download or a
 * training that failed.
 * @returns what went wrong, or null where the next lease can be taken at once
 */
async function workLease(work: Work, leases: LeasePipeline, held: HeldLease): Promise<LeaseFailure | null> {
  const { options, status, blobs } = work;
  const { lease, signal } = held;
  status.set({
    activity: 'downloading',
    note: null,
    lease: lease.id,
    role: lease.task.role,
    round: lease.round,
    progress: 0,
    loss: null,
  });
  try {
    const job = await timed('download', () => unlessAborted(signal, held.job));
    status.set({ activity: 'training', note: null, progress: 0, bytesDown: blobs.downloadedBytes });
    await contribute(work, leases, held, job);
    return null;
  } catch (error) {
    const setback = signal.aborted ? null : asLeaseFailure(error);
    const reason = setback ? reasonOf(setback) : options.control.whyNot;
    await leases.giveBack(held, reason, setback?.isDiverged);
    // It was granted before: at the rate that was too high.
    if (setback?.isDiverged) await leases.giveBackAhead('the training before it diverged');
    if (setback) status.set({ note: `${setback.error.message}; trying again` });
    return setback;
  }
}

/** Trains and has the answer sent. What was downloaded is told with it, or with another where it never gets there. */
async function contribute(
  work: Work,
  leases: LeasePipeline,
  held: HeldLease,
  prepared: PreparedJob,
): Promise<void> {
  const { info, status, blobs } = work;
  const downloadBytes = blobs.tellBytes(largestDownload(info.model));
  const result = await train(work, leases, held, { ...prepared, downloadBytes }).catch(error => {
    blobs.untellBytes(downloadBytes);
    throw error;
  });
  status.set({ activity: 'uploading', progress: 1, ...told(result) });
  await leases.upload(held, result, downloadBytes);
}

/** Waits no longer than the signal lets it; what was waited for may go on, for others. */
async function unlessAborted<T>(signal: AbortSignal, what: Promise<T>): Promise<T> {
  let stopWaiting = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stopWaiting = () => reject(signal.reason);
  });
  signal.addEventListener('abort', stopWaiting);
  try {
    signal.throwIfAborted();
    return await Promise.race([what, aborted]);
  } finally {
    signal.removeEventListener('abort', stopWaiting);
  }
}

/** Trains in the trainer's thread until it is done or the signal ends it. Near the end the next lease is asked for. */
async function train(
  { options, status }: Work,
  leases: LeasePipeline,
  held: HeldLease,
  job: LeaseJob,
): Promise<LeaseResult> {
  const { signal } = held;
  const onAbort = (): void => void options.trainer.cancel();
  signal.addEventListener('abort', onAbort);
  const startedAt = performance.now();
  let isOver = false;
  const onProgress = (progress: number, loss: number | null): void => {
    // It comes by a channel of its own, so maybe late.
    if (isOver) return;
    status.set({ progress, loss });
    const leftMs = ((performance.now() - startedAt) * (1 - progress)) / progress;
    if (leftMs < AHEAD_MS) leases.askAhead(held);
  };
  try {
    const result = await options.trainer.work(job, proxy(onProgress));
    signal.throwIfAborted();
    const trainedAt = performance.now() - result.encodeMs;
    markStep('train', startedAt, trainedAt);
    markStep('encode', trainedAt);
    return result;
  } finally {
    isOver = true;
    signal.removeEventListener('abort', onAbort);
  }
}

const told = ({ samples, trainMs, accuracy, device, fallback }: LeaseResult): Partial<VolunteerStatus> => ({
  ...(accuracy === null && trainMs > 0 ? { samplesPerSecond: (samples * 1_000) / trainMs } : {}),
  // Not what it started with, where that failed meanwhile.
  backend: device.backend,
  threads: device.threads,
  fallback: fallback ?? null,
});
