import type { Remote } from 'comlink';
import { proxy } from 'comlink';
import type { RunEvent } from '../../shared/protocol/events.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type {
  LeaseJob,
  LeaseResult,
  StartedTrainer,
  TrainerApi,
  TrainerOptions,
} from '../trainer/trainer-api.ts';
import { type BlobCache, BlobSource } from './blob-cache.ts';
import { isPassing, RefusedError } from './call-platform.ts';
import { openEventSocket } from './event-socket.ts';
import type { HomeroomClient } from './homeroom-client.ts';
import { prepareJob } from './prepare-job.ts';
import { markStep, timed } from './user-timing.ts';
import type { VolunteerControl } from './volunteer-control.ts';
import { idleVolunteer, type VolunteerState } from './volunteer-state.ts';

/** Who this device is in a run: kept, so that a reload comes back as the same volunteer. */
export interface VolunteerIdentity {
  readonly volunteer: string;
  readonly token: string;
}

export interface VolunteerOptions {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly trainer: Remote<TrainerApi>;
  readonly trainerOptions: TrainerOptions;
  readonly cache: BlobCache;
  readonly control: VolunteerControl;
  readonly name: string;
  readonly memoryMB: number;
  readonly code?: string;
  /** Joins as referee. */
  readonly hostKey?: string;
  readonly identity?: VolunteerIdentity | null;
  readonly onIdentity?: (identity: VolunteerIdentity) => void;
  readonly onState?: (state: VolunteerState) => void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

/** Events after which there may be work for who waits. */
const WORK_EVENTS: readonly RunEvent['event']['type'][] = [
  'run-opened',
  'run-finished',
  'volunteer-joined',
  'version-published',
  'version-evaluated',
  'lease-ended',
  'round-extended',
];

/**
 * A volunteer, from joining to the run's end, the same in a browser and in Node: ask for a lease, download what is
 * lacking, train, upload, again. Whatever breaks, at most the lease in hand is lost.
 * @returns the last state, `stopped`; rejects, with the state `failed`, where it cannot go on
 */
export async function runVolunteer(options: VolunteerOptions): Promise<VolunteerState> {
  const { control } = options;
  const state = trackState(options.onState);
  try {
    await volunteer(options, state);
  } catch (error) {
    if (!control.stopped.aborted) {
      state.set({ activity: 'failed', note: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
  const note = control.stopped.aborted ? 'stopped' : null;
  return state.set({ activity: 'stopped', note, ...noLease });
}

async function volunteer(options: VolunteerOptions, state: StateTracker): Promise<void> {
  const { client, run, control } = options;
  const blobs = new BlobSource(client, options.cache);
  const device = await startTrainer(options);
  state.set({ backend: device.backend, threads: device.threads, fallback: device.note });

  const joinedFrom = performance.now();
  const info = await untilReached(control, state, () => client.run(run, control.stopped));
  const identity = options.identity ?? (await join(options, device));
  markStep('join', joinedFrom);
  options.onIdentity?.(identity);
  state.set({ volunteer: identity.volunteer });

  const events = openEventSocket(client, run, info.view.seq, heard => {
    if (heard.some(({ event }) => WORK_EVENTS.includes(event.type))) control.nudge();
  });
  let failures = 0;
  try {
    while (!control.isDone) {
      if (control.paused) {
        state.set({ activity: 'paused', note: 'paused', ...noLease });
        await control.sleep(Number.POSITIVE_INFINITY);
        continue;
      }
      const answer = await untilReached(control, state, () =>
        timed('lease', () => client.lease(run, identity.token, control.stopped)),
      );
      if (answer.type === 'finished') return;
      if (answer.type === 'wait') {
        state.set({ activity: 'waiting', note: answer.reason, ...noLease });
        await control.sleep(answer.retryAfterMs);
        continue;
      }
      failures = (await workLease({ options, info, identity, blobs, state }, answer.lease))
        ? 0
        : failures + 1;
      if (failures > 0) await control.sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
    }
  } finally {
    events.close();
  }
}

/** Loading is all from the page's beginning to the trainer's. */
async function startTrainer({ trainer, trainerOptions }: VolunteerOptions): Promise<StartedTrainer> {
  const device = await trainer.start(trainerOptions);
  const startedAt = performance.now() - device.startMs;
  markStep('load', 0, startedAt);
  markStep('compile', startedAt);
  return device;
}

async function join(
  options: VolunteerOptions,
  device: { backend: string; macsPerSecond: number },
): Promise<VolunteerIdentity> {
  const { client, run, name, memoryMB, code, hostKey } = options;
  const { backend, macsPerSecond } = device;
  const request = { name, device: { backend, macsPerSecond, memoryMB } };
  return client.join(run, code === undefined ? request : { ...request, code }, hostKey);
}

/** What one volunteer's leases have in common. */
interface Work {
  readonly options: VolunteerOptions;
  readonly info: RunInfo;
  readonly identity: VolunteerIdentity;
  readonly blobs: BlobSource;
  readonly state: StateTracker;
}

/**
 * One lease, start to end. A pause or stop gives it back, and so does a download that failed.
 * @returns whether it was worked on; false where it should not be tried again at once
 * @throws where the trainer cannot do this work at all
 */
async function workLease(work: Work, lease: Lease): Promise<boolean> {
  const { options, identity, state } = work;
  const signal = options.control.leaseSignal();
  state.set({
    activity: 'downloading',
    note: null,
    lease: lease.id,
    role: lease.task.role,
    round: lease.round,
    progress: 0,
    loss: null,
  });
  try {
    const job = await timed('download', () =>
      prepareJob(work.info, lease, work.blobs, options.memoryMB, signal),
    );
    signal.throwIfAborted();
    state.set({ activity: 'training', bytesDown: work.blobs.downloadedBytes });
    const result = await train(work, job, signal);
    state.set({ activity: 'uploading', progress: 1, ...told(result) });
    await timed('upload', () => answer(work, lease, result));
    return true;
  } catch (error) {
    const isDownload = isPassing(error) || error instanceof RefusedError;
    const reason = signal.aborted
      ? 'the volunteer paused'
      : isDownload
        ? 'a download failed'
        : 'the trainer failed';
    await options.client.release(options.run, lease.id, identity.token, reason).catch(() => {});
    if (!signal.aborted && !isDownload) throw error;
    if (!signal.aborted) state.set({ note: `${(error as Error).message}; trying again` });
    return signal.aborted;
  }
}

/** Trains in the trainer's thread until it is done or the signal ends it. */
async function train({ options, state }: Work, job: LeaseJob, signal: AbortSignal): Promise<LeaseResult> {
  const onAbort = (): void => void options.trainer.cancel();
  signal.addEventListener('abort', onAbort);
  try {
    const onProgress = (progress: number, loss: number | null): void => void state.set({ progress, loss });
    const startedAt = performance.now();
    const result = await options.trainer.work(job, proxy(onProgress));
    signal.throwIfAborted();
    const trainedAt = performance.now() - result.encodeMs;
    markStep('train', startedAt, trainedAt);
    markStep('encode', trainedAt);
    return result;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const told = ({ samples, trainMs, accuracy, fallback }: LeaseResult): Partial<VolunteerState> => ({
  ...(accuracy === null && trainMs > 0 ? { samplesPerSecond: (samples * 1_000) / trainMs } : {}),
  ...(fallback === undefined ? {} : { fallback }),
});

/** Uploads, and counts what became of it: a refusal is final for this answer, not for the volunteer. */
async function answer({ options, state }: Work, lease: Lease, { envelope }: LeaseResult): Promise<void> {
  try {
    await upload(options.client, options.run, lease, new Uint8Array(envelope));
    state.set({ contributions: state.now.contributions + 1, bytesUp: state.now.bytesUp + envelope.length });
  } catch (error) {
    if (!isPassing(error) && !(error instanceof RefusedError)) throw error;
    state.set({ refused: state.now.refused + 1, note: error.message });
  }
}

const UPLOAD_ATTEMPTS = 4;

/** Sent again where the platform was away or busy: it tells a repeated answer from a new one. */
async function upload(
  client: HomeroomClient,
  run: string,
  lease: Lease,
  envelope: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.putUpdate(run, lease.id, lease.token, envelope);
    } catch (error) {
      if (attempt > 1 && error instanceof RefusedError && error.reason === 'duplicate') return;
      if (!isPassing(error) || attempt === UPLOAD_ATTEMPTS) throw error;
      await new Promise(resolve => setTimeout(resolve, FIRST_RETRY_MS * attempt));
    }
  }
}

/** Asks again, ever less often, while the platform cannot be reached or is overloaded; a refusal is final. */
async function untilReached<T>(
  control: VolunteerControl,
  state: StateTracker,
  ask: () => Promise<T>,
): Promise<T> {
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || control.stopped.aborted) throw error;
      state.set({ activity: 'waiting', note: `${error.message}; trying again` });
      await control.sleep(retryMs);
      control.stopped.throwIfAborted();
    }
  }
}

const noLease = { lease: null, role: null, round: null, progress: 0 } as const;

interface StateTracker {
  readonly now: VolunteerState;
  set(change: Partial<VolunteerState>): VolunteerState;
}

function trackState(onState: (state: VolunteerState) => void = () => {}): StateTracker {
  let now = idleVolunteer;
  return {
    get now() {
      return now;
    },
    set: change => {
      now = { ...now, ...change };
      onState(now);
      return now;
    },
  };
}
