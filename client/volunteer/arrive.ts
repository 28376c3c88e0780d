import type { JoinRequest, RunInfo } from '../../shared/protocol/messages.ts';
import { RefusedError } from '../platform/call-platform.ts';
import { createNonce } from '../platform/create-nonce.ts';
import { retryUntilReached } from '../platform/retry-until-reached.ts';
import type { BackendChoice, StartedTrainer, TrainerInfo } from '../trainer/trainer-api.ts';
import { BlobSource } from './blob-source.ts';
import { compileTasks } from './compile-tasks.ts';
import { DecidedStore } from './decided-store.ts';
import { Outbox } from './outbox/outbox.ts';
import { keepsNoUpdates } from './outbox/outbox-store.ts';
import { TensorKeeper } from './tensor-keeper.ts';
import { markStep, timed } from './user-timing.ts';
import type { VolunteerControl } from './volunteer-control.ts';
import type { PersonCheck, VolunteerIdentity, VolunteerOptions, Work } from './volunteer-options.ts';
import type { StatusTracker } from './volunteer-status.ts';
import { waitingIn } from './waiting-in.ts';
import { defaultWorkLimits } from './work-limits.ts';

/**
 * Starts the trainer, gets to know the run and joins it.
 * @returns null if the volunteer was stopped before
 */
export async function arrive(options: VolunteerOptions, status: StatusTracker): Promise<Work | null> {
  const { client, run, control } = options;
  const [started, info] = await Promise.all([
    startTrainer(options, status),
    retryUntilReached(waitingIn(options, status), () => client.run(run, control.stopped)),
  ]);
  if (!info) return null;
  const blobs = new BlobSource(client, options.cache, control.stopped, ({ message }) =>
    status.set({ note: `${message}; trying again` }),
  );
  // It compiles before it joins, for a run that waits for volunteers waits for those who can begin.
  const device = await compileTasks({ options, info, blobs, status }, started);
  status.set({ note: 'joining the run' });
  const identity =
    identityFor(options, info) ?? (await timed('join', () => join(options, info, device, status)));
  if (!identity) return null;
  options.onIdentity?.(identity);
  status.set({ volunteer: identity.volunteer });
  const { volunteer } = identity;
  const decided = new DecidedStore(options.residuals);
  const residuals = new TensorKeeper('residual', decided, info, volunteer);
  const drifts = new TensorKeeper('drift', decided, info, volunteer);
  const outbox = new Outbox({
    ...{ store: options.outbox ?? keepsNoUpdates, client, volunteer, decided },
    onUnsent: unsent => status.set({ unsent }),
    onSetAside: setAside => status.set({ setAside }),
    onDropped: note => status.set({ note }),
  });
  const { workLimits = defaultWorkLimits } = options;
  const { macsPerSecond } = device;
  return { options, info, identity, blobs, residuals, drifts, outbox, status, macsPerSecond, workLimits };
}

/**
 * Who this device was before. Null if it must join anew: nobody knows it, or it shows a key and was let in without one. To go
 * on would leave it an ordinary volunteer, and whether the key is right would not be asked.
 */
function identityFor({ identity, hostKey }: VolunteerOptions, { view }: RunInfo): VolunteerIdentity | null {
  if (!identity || hostKey === undefined) return identity ?? null;
  return view.volunteers[identity.volunteer]?.referee === false ? null : identity;
}

const preparing: Readonly<Record<BackendChoice, string>> = {
  auto: 'preparing what is fastest here',
  webgpu: 'preparing the graphics card',
  wasm: 'preparing WebAssembly',
  cpu: 'preparing the processor',
};

/** Loading counts from the beginning of the page to that of the trainer. */
async function startTrainer(
  { trainer, trainerOptions, control }: VolunteerOptions,
  status: StatusTracker,
): Promise<StartedTrainer> {
  status.set({ note: 'loading the trainer' });
  // There is nothing to cancel yet, but who replies has loaded.
  const loaded = trainer.cancel().then(() => status.set({ note: preparing[trainerOptions.backend] }));
  const [device] = await Promise.all([trainer.start(trainerOptions), loaded]);
  // A trainer that broke is told of elsewhere.
  control.followEffort(share => void trainer.setEffort(share).catch(() => {}));
  const startedAt = performance.now() - device.startMs;
  markStep('load', 0, startedAt);
  markStep('compile', startedAt);
  status.set({ backend: device.backend, threads: device.threads, fallback: device.note });
  return device;
}

/** What is sent to join, but for what a check gave. */
type Wish = Omit<JoinRequest, 'human'>;

/**
 * Joins, however long the platform is away. All attempts show the same nonce, so that they make one volunteer, although
 * a reply may be lost.
 * @returns null if the volunteer was stopped before
 */
async function join(
  options: VolunteerOptions,
  { checksWith }: RunInfo,
  { backend, macsPerSecond }: TrainerInfo,
  status: StatusTracker,
): Promise<VolunteerIdentity | null> {
  const { name, memoryMB, code, hostKey, person, control } = options;
  // A device that rests half of the time is half as fast for the run.
  const device = { backend, macsPerSecond: macsPerSecond * control.effort, memoryMB };
  const nonce = person?.nonce ?? createNonce();
  const wish = { name, device, nonce, ...(code !== undefined && { code }) };
  const isChecked = checksWith !== undefined && hostKey === undefined;
  return isChecked && person ? joinAsPerson(options, person, wish, status) : joinWith(options, wish, status);
}

const joinWith = (options: VolunteerOptions, request: JoinRequest, status: StatusTracker) =>
  retryUntilReached(waitingIn(options, status), () =>
    options.client.join(options.run, request, options.hostKey),
  );

/** [CROWD8] A pass ends after a while, and the turn may have come later. Then a person passes the check again. */
async function joinAsPerson(
  options: VolunteerOptions,
  person: PersonCheck,
  wish: Wish,
  status: StatusTracker,
): Promise<VolunteerIdentity | null> {
  let human: string | null = null;
  while (true) {
    status.set({ activity: 'waiting', note: 'waiting for the check of people' });
    human = await passOf(person, human, options.control);
    if (human === null) return null;
    status.set({ note: 'joining the run' });
    try {
      return await joinWith(options, { ...wish, human }, status);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.reason !== 'not-checked') throw error;
    }
  }
}

/** Null if the volunteer is to stop before. */
async function passOf(
  person: PersonCheck,
  refused: string | null,
  control: VolunteerControl,
): Promise<string | null> {
  const waiting = new AbortController();
  const untilDone = async (): Promise<null> => {
    while (!control.isDone && !waiting.signal.aborted) await control.rest(Number.POSITIVE_INFINITY);
    return null;
  };
  try {
    return await Promise.race([person.pass(refused, waiting.signal), untilDone()]);
  } finally {
    waiting.abort();
  }
}
