import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { openEnvelope } from '../../../shared/codec/envelope.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { boundMs } from '../../support/patience.ts';
import { readLedger, until } from '../../support/poll.ts';
import { findDifference, type RunRecord } from '../../support/recompute-versions.ts';
import { readBucket } from '../../support/stored-files.ts';
import type { TinyRun } from '../../support/tiny-run.ts';
import type { TrainedUpdate } from './stubborn-volunteer.ts';

/** All of a run that must be read while its platform is up. */
export async function readRun(client: HomeroomClient, tiny: TinyRun, trained: readonly TrainedUpdate[]) {
  const { spec, model } = await client.run(tiny.run);
  const first = await client.version(tiny.run, 0);
  const taken = trained.flatMap(({ lease, outcome }) =>
    outcome === 'accepted' || outcome === 'duplicate' ? [lease] : [],
  );
  // A cohort whose report failed tells it again by its alarm.
  const ledger = await until(
    async () => {
      const events = await readLedger(client, tiny.run).catch(() => []);
      const told = new Set(events.map(({ event }) => ('lease' in event ? event.lease : '')));
      return taken.every(lease => told.has(lease)) && events;
    },
    'the ledger to tell of every update that was accepted',
    boundMs(5_000),
  );
  const accepted = acceptedIn(ledger);
  for (const update of trained)
    if (update.outcome === 'duplicate' && accepted.has(update.lease)) update.outcome = 'accepted';
  const blobs = new MemoryBlobs();
  for (const { bytes } of tiny.model.blobs) blobs.keep(bytes);
  return { config: { spec, model }, ledger, first, blobs };
}

/**
 * What is not as it must be, in words; null if all is well.
 * @param folder of the platform, which must be stopped
 */
export async function findFault(
  record: Omit<RunRecord, 'archive'>,
  trained: readonly TrainedUpdate[],
  folder: string,
): Promise<string | null> {
  return (
    findLost(record.ledger, trained) ??
    findDisorder(record.ledger) ??
    (await findDifference({ ...record, archive: await readArchive(folder) }))
  );
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

/** The ledger is whole, a lease ends once, and an update is accepted once. */
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
    if (event.type === 'update-accepted' || event.type === 'update-refused') open.delete(event.lease);
    if (event.type === 'version-published' && event.version !== ++version)
      return `version ${event.version} comes where ${version} should`;
  }
  return null;
}

/** The envelopes of folded rounds, by lease. Each has its length before it. */
async function readArchive(folder: string): Promise<Map<string, Uint8Array>> {
  const archive = new Map<string, Uint8Array>();
  for (const bytes of (await readBucket(folder, 'archive/')).values())
    for (let at = 0; at < bytes.length; ) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
      const envelope = bytes.slice(at + 4, at + 4 + length);
      const opened = openEnvelope(envelope);
      if (!opened.ok) throw new Error(`an archived envelope does not open: ${opened.reason}`);
      archive.set(opened.value.lease, envelope);
      at += 4 + length;
    }
  return archive;
}
