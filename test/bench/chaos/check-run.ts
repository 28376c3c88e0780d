import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { replayPorts } from '../../../client/platform/replay-ports.ts';
import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import { placeOf, ReplayRefusal } from '../../../shared/replay/difference.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { boundMs } from '../../support/patience.ts';
import { readLedger, until } from '../../support/poll.ts';
import type { TinyRun } from '../../support/tiny-run.ts';
import type { TrainedUpdate } from './stubborn-volunteer.ts';

/**
 * The ledger of a run that nobody works for any more, once it tells of every update that was accepted and of every lease's
 * end, or as it is after some seconds.
 */
export async function readSettled(
  client: HomeroomClient,
  { run }: TinyRun,
  trained: readonly TrainedUpdate[],
): Promise<readonly RunEvent[]> {
  const taken = trained.flatMap(({ lease, outcome }) => (outcome === 'accepted' ? [lease] : []));
  let ledger: readonly RunEvent[] = [];
  const isSettled = async (): Promise<boolean> => {
    ledger = await readLedger(client, run).catch(() => ledger);
    const told = acceptedIn(ledger);
    return taken.every(lease => told.has(lease)) && openIn(ledger).size === 0;
  };
  // A cohort whose report failed tells it again by its alarm, and a lease that nobody answers ends by its deadline. The
  // alarm may be waiting for R2, which never replies to what it was given on a full disk: half a minute at most. What is
  // never told is found lost.
  await until(
    isSettled,
    'the ledger to tell of every update and the end of every lease',
    boundMs(45_000),
  ).catch(() => {});
  return ledger;
}

/** What is not as it must be, in words; null if all is well. Every version is computed again, as anyone could. */
export async function findFault(
  client: HomeroomClient,
  { run }: TinyRun,
  ledger: readonly RunEvent[],
  trained: readonly TrainedUpdate[],
): Promise<string | null> {
  return findLost(ledger, trained) ?? findDisorder(ledger) ?? (await findDifference(client, run));
}

/**
 * A role that is behind archives many rounds in an instant, which may lie between two looks of a replay at the archive.
 * What is really missing is missing the next time too.
 */
const findDifference = async (client: HomeroomClient, run: string): Promise<string | null> =>
  (await findDifferenceOnce(client, run)) && findDifferenceOnce(client, run);

async function findDifferenceOnce(client: HomeroomClient, run: string): Promise<string | null> {
  const sums = new MemorySums();
  const ports = replayPorts(client, await client.run(run), role => sums.of(role));
  const { difference } = await until(
    async () => {
      // The clock may have been off when a version came out. So none is too old to be waited for.
      const outcome = await replayRun(ports, { now: 0 }).catch(unlessRefused);
      return outcome?.unarchived === null && outcome;
    },
    'every version to be archived',
    boundMs(60_000),
  );
  return difference && `${placeOf(difference)}: ${difference.why}`;
}

/** Nothing may be archived yet. */
function unlessRefused(error: unknown): null {
  if (error instanceof ReplayRefusal) return null;
  throw error;
}

/** Every trained update was either accepted, or refused with a reason. */
export function findLost(ledger: readonly RunEvent[], trained: readonly TrainedUpdate[]): string | null {
  const accepted = acceptedIn(ledger);
  for (const { lease, outcome } of trained) {
    if (outcome === null) return `nobody knows what became of the update of lease ${lease}`;
    if (outcome === 'accepted' && !accepted.has(lease)) return `the accepted update of ${lease} is lost`;
    if (outcome !== 'accepted' && accepted.has(lease))
      return `the update of ${lease} was refused as ${outcome}, and the ledger accepts it`;
  }
  return null;
}

const acceptedIn = (ledger: readonly RunEvent[]): ReadonlySet<string> =>
  new Set(ledger.flatMap(({ event }) => (event.type === 'update-accepted' ? [event.lease] : [])));

/** Leases that were granted and have not ended. */
function openIn(ledger: readonly RunEvent[]): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { event } of ledger)
    if (event.type === 'lease-granted') open.add(event.lease);
    else if (isEnd(event)) open.delete(event.lease);
  return open;
}

type End = Extract<EventBody, { type: 'update-accepted' | 'update-refused' | 'lease-ended' }>;
const isEnd = (event: EventBody): event is End =>
  ['update-accepted', 'update-refused', 'lease-ended'].includes(event.type);

/** [LEASE10] The ledger is whole, each lease ends once, and an update is accepted once. */
export function findDisorder(ledger: readonly RunEvent[]): string | null {
  const [open, granted, accepted] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let version = 0;
  for (const [i, { seq, event }] of ledger.entries()) {
    if (seq !== i + 1) return `entry ${seq} of the ledger stands where ${i + 1} should`;
    if (event.type === 'lease-granted') {
      if (granted.has(event.lease)) return `lease ${event.lease} is granted twice`;
      open.add(event.lease);
      granted.add(event.lease);
    }
    if (event.type === 'update-accepted') {
      if (accepted.has(event.lease) && event.role !== 'evaluator')
        return `the update of lease ${event.lease} is accepted twice`;
      accepted.add(event.lease);
    }
    if (event.type === 'lease-ended' && !open.delete(event.lease))
      return `lease ${event.lease} ends twice, or was never granted`;
    if (isEnd(event)) open.delete(event.lease);
    if (event.type === 'version-published' && event.version !== ++version)
      return `version ${event.version} comes where ${version} should`;
  }
  const [endless] = open;
  return endless === undefined ? null : `lease ${endless} never ends`;
}
