import { proxy } from 'comlink';
import { errorText } from '../../shared/protocol/error-text.ts';
import { largestDownload } from '../../shared/protocol/largest-download.ts';
import type { Task } from '../../shared/protocol/lease.ts';
import { UnreachableError } from '../platform/call-platform.ts';
import type { LeaseJob, LeaseResult } from '../trainer/trainer-api.ts';
import { arrive } from './arrive.ts';
import { asLeaseFailure, FailureBackoff, type LeaseFailure, noteOf, reasonOf } from './failure-backoff.ts';
import { followRun } from './follow-run.ts';
import type { HeldLease } from './held-lease.ts';
import { LeasePipeline } from './lease-pipeline.ts';
import type { PreparedJob } from './prepare-job.ts';
import { startReferee } from './referee/referee.ts';
import { markStep, timed } from './user-timing.ts';
import type { VolunteerOptions, Work } from './volunteer-options.ts';
import { noLease, type StatusTracker, trackStatus, type VolunteerStatus } from './volunteer-status.ts';
import { wakeSpreadMs } from './wake-up.ts';
import { watchCost } from './watch-cost.ts';

/** The next lease is asked for when this one has so long to go: enough for its download, and kept from others no longer. */
const AHEAD_MS = 3_000;

/**
 * A volunteer, from joining to the run's end, the same in a browser and in Node: it takes a lease, trains, hands the
 * result to the upload, and begins again. Downloads and uploads run beside the training. Whatever breaks, no more is lost
 * than the leases in hand.
 * @returns the last status, `stopped`; rejects, with the status `failed`, if it cannot go on
 */
export async function runVolunteer(options: VolunteerOptions): Promise<VolunteerStatus> {
  const { control } = options;
  const status = trackStatus(options.onStatus);
  try {
    await volunteer(options, status);
  } catch (error) {
    if (!control.stopped.aborted) {
      status.set({ activity: 'failed', note: errorText(error) });
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
  const referee = startReferee(work);
  const followed = followRun(work, leases, referee);
  const failures = new FailureBackoff(options.client.limits.callRetry);
  try {
    await leases.resume();
    while (!control.isDone) {
      if (control.paused) {
        await leases.giveBackAhead();
        // That took a moment, in which people change their minds.
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
        // The update on its way may be all that is waited for.
        if (await leases.whenTried()) continue;
        status.set({ activity: 'waiting', note: next.reason, ...noLease });
        const wakeMs = next.wakeAfterMs ?? Math.random() * wakeSpreadMs(followed.joined, next.retryAfterMs);
        await control.sleep(next.retryAfterMs, heard, wakeMs);
        continue;
      }
      const failure = await workLease(work, leases, next);
      if (failure) await restAfter(failures.restAfter(failure, Math.random()), failure, options);
      else failures.forget();
    }
  } finally {
    referee.close();
    followed.close();
    await leases.giveBackAhead();
    await leases.leave(options.client.limits.lastSendMs);
  }
}

/** A download that failed is tried again as soon as the platform is back. All else takes its time. */
const restAfter = (
  ms: number,
  { isDownload }: LeaseFailure,
  { control, client }: VolunteerOptions,
): Promise<void> => (isDownload ? control.restUntilBack(ms, client.reach) : control.rest(ms));

/**
 * One lease, from its download to the beginning of its upload. A pause or stop gives it back, and so does a download or a
 * training that fails.
 * @returns what went wrong, or null if the next lease can be taken at once
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
    const job = await timed('download', () => unlessAborted(signal, inTime(held)));
    status.set({ activity: 'training', note: null, progress: 0, bytesDown: blobs.downloadedBytes });
    await contribute(work, leases, held, job);
    return null;
  } catch (error) {
    const failure = signal.aborted ? null : asLeaseFailure(error);
    const reason = failure ? reasonOf(failure) : options.control.whyNot;
    await leases.giveBack(held, reason, failure?.isDiverged);
    // That lease was granted before, at the rate that was too high.
    if (failure?.isDiverged) await leases.giveBackAhead('the training before it diverged');
    if (failure) status.set({ activity: 'waiting', note: noteOf(failure), ...noLease });
    return failure;
  }
}

/** The job, if it can be downloaded while its lease lasts. */
async function inTime({ job, endsAt }: HeldLease): Promise<PreparedJob> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const overdue = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new UnreachableError('the download took longer than the lease', null));
    timer = setTimeout(giveUp, endsAt - performance.now());
  });
  try {
    return await Promise.race([job, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

/** Trains and begins to send the update, which tells what was downloaded. */
async function contribute(
  work: Work,
  leases: LeasePipeline,
  held: HeldLease,
  prepared: PreparedJob,
): Promise<void> {
  const { info, status, blobs } = work;
  const kept = await unlessAborted(held.signal, keptFor(work, held.lease.task));
  const downloadBytes = blobs.tellBytes(largestDownload(info.model));
  const result = await train(work, leases, held, { ...prepared, ...kept, downloadBytes }).catch(error => {
    blobs.untellBytes(downloadBytes);
    throw error;
  });
  status.set({ activity: 'uploading', progress: 1, ...figuresOf(result) });
  leases.send(held, result, downloadBytes);
}

/** What this volunteer keeps of the segments that the task trains. */
async function keptFor(
  { residuals, drifts }: Work,
  { trains, correction }: Task,
): Promise<Pick<LeaseJob, 'residual' | 'drift'>> {
  const residual = await residuals.of(trains);
  return correction === undefined ? { residual } : { residual, drift: await drifts.of(trains) };
}

/** Waits for something, but no longer than until the signal is aborted. It may go on by itself, for others. */
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

/**
 * Trains in the trainer's thread, to the end or until the signal is aborted. Near the end it asks for the next lease.
 * @throws TooMuchWorkError if it takes far longer than the run says, or than the device's owner agreed to
 */
async function train(
  { options, status, workLimits }: Work,
  leases: LeasePipeline,
  held: HeldLease,
  job: LeaseJob,
): Promise<LeaseResult> {
  const { signal } = held;
  const onAbort = (): void => void options.trainer.cancel();
  signal.addEventListener('abort', onAbort);
  const startedAt = performance.now();
  const cost = watchCost(held.claimed, workLimits, onAbort);
  let isOver = false;
  const onProgress = (progress: number, loss: number | null): void => {
    // Progress comes by a channel of its own, so it may come late.
    if (isOver) return;
    status.set({ progress, loss });
    cost.look(progress);
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
  } catch (error) {
    throw cost.tooMuch ?? error;
  } finally {
    isOver = true;
    cost.end();
    signal.removeEventListener('abort', onAbort);
  }
}

const figuresOf = (result: LeaseResult): Partial<VolunteerStatus> => ({
  ...(result.accuracy === null && result.trainMs > 0
    ? { samplesPerSecond: (result.samples * 1_000) / result.trainMs }
    : {}),
  // Maybe another device than the one it started with, which failed meanwhile.
  backend: result.device.backend,
  threads: result.device.threads,
  fallback: result.fallback ?? null,
});
