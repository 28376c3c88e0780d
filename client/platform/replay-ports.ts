import type { ReadPage } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { ArchivePiece, RunInfo } from '../../shared/protocol/messages.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { paths } from '../../shared/protocol/paths.ts';
import type { ReplayPorts } from '../../shared/replay/ports.ts';
import { readArchive } from '../../shared/replay/read-archive.ts';
import { isMissing } from './call-platform.ts';
import type { HomeroomClient } from './homeroom-client.ts';
import { rest } from './rest.ts';
import { retryOrThrow } from './retry-until-reached.ts';

/** An archive is read so many bytes at a time, so that a read that broke off costs little. */
const READ_BYTES = 1_000_000;

/** A replay may take hours, so a call is tried so often. With the rests between them that is about a quarter of a minute. */
const ATTEMPTS = 6;

interface Reading {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly signal: AbortSignal | undefined;
}

/** What a replay needs of a run, read from its platform. */
export function replayPorts(
  client: HomeroomClient,
  { run, spec, model }: Pick<RunInfo, 'run' | 'spec' | 'model'>,
  sums: ReplayPorts['sums'],
  signal?: AbortSignal,
): ReplayPorts {
  const reading: Reading = { client, run, signal };
  const listed = (role: Role, round: number) =>
    patiently(reading, () => client.archive(run, role, round, signal));
  return {
    config: { spec, model },
    ledger: () => readLedger(reading),
    manifest: version => readManifest(reading, version),
    blob: sha256 => patiently(reading, () => client.storedBlob(sha256, signal)),
    archives: {
      has: async (role, round) => (await listed(role, round)).length > 0,
      envelopes: async function* (role, round) {
        for (const { number, ...piece } of await listed(role, round))
          yield* readArchive(readPiece(reading, paths.archived(run, role, round, number), piece));
      },
    },
    sums,
  };
}

async function* readLedger(reading: Reading): AsyncIterable<ReadPage> {
  const { client, run, signal } = reading;
  let after = 0;
  for (;;) {
    const page = await patiently(reading, () => client.ledger(run, after, signal));
    if (page.events.length === 0) return;
    yield page;
    after = page.events.at(-1)?.seq ?? after;
  }
}

async function readManifest(reading: Reading, version: number): Promise<Manifest | null> {
  const { client, run, signal } = reading;
  try {
    return await patiently(reading, () => client.version(run, version, signal));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A piece of an archived object, in reads of bounded size. If its length is not told, a short one is the last. */
async function* readPiece(
  reading: Reading,
  path: string,
  { offset, bytes = Number.POSITIVE_INFINITY }: Omit<ArchivePiece, 'number'>,
): AsyncIterable<Uint8Array> {
  const { client, signal } = reading;
  const behind = offset + bytes;
  for (let start = offset; start < behind; start += READ_BYTES) {
    const end = Math.min(start + READ_BYTES, behind);
    const read = await patiently(reading, () => client.archivedBytes(path, start, end, signal));
    yield read;
    if (read.length < end - start) return;
  }
}

/** Asks again if the connection is lost, a few times. @throws what the last attempt ended in */
async function patiently<T>({ client, signal }: Reading, ask: () => Promise<T>): Promise<T> {
  let attempts = 0;
  const waiting = {
    backoff: client.limits.callRetry,
    isDone: () => signal?.aborted === true || attempts >= ATTEMPTS,
    onRetry: () => {},
    rest: (ms: number) => rest(ms, signal),
  };
  try {
    return await retryOrThrow(waiting, () => {
      attempts += 1;
      return ask();
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
