import { availableParallelism, freemem } from 'node:os';
import { RefusedError } from '../../platform/call-platform.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { runVolunteer } from '../../volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../volunteer/volunteer-control.ts';
import type { VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import type { WorkLimits } from '../../volunteer/work-limits.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { startTrainer, type TrainerThread } from '../trainer-thread/start-trainer.ts';
import { claimPlace, type Person, type VolunteerPlace } from './volunteer-place.ts';
import { openVolunteerStores } from './volunteer-stores.ts';

export interface HeadlessOptions {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly name: string;
  /** Where downloaded blobs are kept. */
  readonly cacheFolder: string;
  readonly backend: BackendChoice;
  /** The most threads that may train on the processor. */
  readonly threads: number;
  /** The most memory that training may take, in MB. If it is left out, this process's share of what is free. */
  readonly memoryMB?: number | undefined;
  /** What its owner agreed to for one lease. */
  readonly workLimits?: WorkLimits;
  readonly code?: string;
  /** Whether the run lets in only those who have its code, whom it knows, and its referees. */
  readonly needsCode?: boolean;
  /** Joins as referee. */
  readonly hostKey?: string;
  /** Whether it is the same volunteer again when it is started again. */
  readonly isRemembered?: boolean;
  /** A trainer that runs already. If left out, one is started. */
  readonly thread?: TrainerThread;
  readonly onStatus?: (status: VolunteerStatus) => void;
}

export interface HeadlessVolunteer {
  readonly control: VolunteerControl;
  /** Resolves at the run's end or after a stop. Rejects if the volunteer failed. */
  readonly done: Promise<VolunteerStatus>;
}

/** Starts a volunteer in Node. Its loop runs here, tfjs in a thread of its own. */
export function startHeadlessVolunteer(options: HeadlessOptions): HeadlessVolunteer {
  const thread = options.thread ?? startTrainer();
  const control = new VolunteerControl();
  const done = volunteerInPlace(options, thread, control).finally(() => thread.stop());
  return { control, done };
}

async function volunteerInPlace(
  options: HeadlessOptions,
  thread: TrainerThread,
  control: VolunteerControl,
): Promise<VolunteerStatus> {
  const place = options.isRemembered
    ? await claimPlace(`${options.cacheFolder}-volunteers`, personOf(options))
    : null;
  try {
    return await volunteer(options, thread, control, place);
  } finally {
    place?.letGo();
  }
}

/** The same device has the same tasks. What it measured of its speed is that of the first time. */
const personOf = ({
  client,
  run,
  name,
  backend,
  threads,
  memoryMB = 0,
  hostKey,
}: HeadlessOptions): Person => ({
  ...{ origin: client.origin, run, name },
  device: `${backend}, ${threads} threads, ${memoryMB} MB${hostKey === undefined ? '' : ', referee'}`,
});

async function volunteer(
  options: HeadlessOptions,
  thread: TrainerThread,
  control: VolunteerControl,
  place: VolunteerPlace | null,
): Promise<VolunteerStatus> {
  const { client, run, name, cacheFolder, backend, threads, code, hostKey, onStatus, workLimits } = options;
  const known = place?.read() ?? null;
  let isKnown = known !== null;
  // A backend takes seconds to start, and would be of no use.
  if (options.needsCode && !isKnown && (code ?? hostKey) === undefined)
    throw new UsageError('this run needs its join code: ask its host for it, and give it with --code');
  try {
    return await runVolunteer({
      ...{ client, run, name, control, trainer: thread.trainer },
      trainerOptions: { backend, threads },
      ...openVolunteerStores(cacheFolder),
      memoryMB: options.memoryMB ?? Math.round(freemem() / availableParallelism() / 1e6),
      identity: known,
      onIdentity: identity => {
        isKnown = true;
        place?.write(identity);
      },
      ...(code === undefined ? {} : { code }),
      ...(hostKey === undefined ? {} : { hostKey }),
      ...(workLimits === undefined ? {} : { workLimits }),
      ...(onStatus === undefined ? {} : { onStatus }),
    });
  } catch (error) {
    if (!isKnown || !(error instanceof RefusedError) || error.reason !== 'unauthorised') throw error;
    // [CROWD1] The run does not know this volunteer any more, so it joins as a new one.
    place?.forget();
    return volunteer(options, thread, control, place);
  }
}
