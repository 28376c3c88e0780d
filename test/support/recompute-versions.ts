import type { RunEvent } from '../../shared/protocol/events.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { placeOf } from '../../shared/replay/difference.ts';
import type { ReplayPorts } from '../../shared/replay/ports.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { countsIn } from './counts-in.ts';
import type { MemoryBlobs } from './memory-blobs.ts';
import { MemorySums } from './memory-sums.ts';

export interface RunRecord {
  readonly config: RunConfig;
  readonly ledger: readonly RunEvent[];
  readonly first: Manifest;
  /** Has the weights of every version. */
  readonly blobs: MemoryBlobs;
  /** The envelopes of updates that were folded, by lease. */
  readonly archive: ReadonlyMap<string, Uint8Array>;
}

/**
 * Computes every version again from version 0, the ledger and the archive.
 * @returns the first difference in words, or null if all versions have the bytes that the ledger names
 */
export async function findDifference(record: RunRecord): Promise<string | null> {
  if (!record.ledger.some(({ event }) => event.type === 'version-published')) return null;
  const { difference } = await replayRun(portsOf(record));
  return difference && `${placeOf(difference)}: ${difference.why}`;
}

function portsOf({ config, ledger, first, blobs, archive }: RunRecord): ReplayPorts {
  const manifests = manifestsOf(first, ledger);
  const sums = new MemorySums();
  return {
    config,
    ledger: async function* () {
      yield { first: 1, events: [...ledger] };
    },
    manifest: async version => manifests.get(version) ?? null,
    blob: async sha256 => blobs.find(sha256),
    archives: {
      has: async (role, round) => [...envelopesOf(ledger, archive, role, round)].length > 0,
      envelopes: async function* (role, round) {
        yield* envelopesOf(ledger, archive, role, round);
      },
    },
    sums: role => sums.of(role),
  };
}

function* envelopesOf(
  ledger: RunRecord['ledger'],
  archive: RunRecord['archive'],
  role: string,
  round: number,
): Iterable<Uint8Array> {
  for (const { event } of ledger) {
    if (event.type !== 'update-accepted' || event.role !== role || countsIn(event) !== round) continue;
    const envelope = archive.get(event.lease);
    if (envelope) yield envelope;
  }
}

/** The versions as the ledger names their shards. What an outer optimizer keeps is not in the ledger. */
function manifestsOf(first: Manifest, ledger: RunRecord['ledger']): ReadonlyMap<number, Manifest> {
  const manifests = new Map([[first.version, first]]);
  let { segments } = first;
  for (const { event } of ledger) {
    if (event.type !== 'version-published') continue;
    const { version } = event;
    const changed = Object.entries(event.segments).map(([id, hashes]) => {
      const shards = hashes.map(sha256 => ({ sha256, bytes: 0 }));
      return [id, { version, shards }] as const;
    });
    segments = { ...segments, ...Object.fromEntries(changed) };
    manifests.set(version, { version, segments });
  }
  return manifests;
}
