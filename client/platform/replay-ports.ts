import type { ReadPage } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { ArchivePiece, RunInfo } from '../../shared/protocol/messages.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { DamagedArchive, ReplayRefusal } from '../../shared/replay/difference.ts';
import type { ReplayPorts } from '../../shared/replay/ports.ts';
import { readArchive } from '../../shared/replay/read-archive.ts';
import { isDamaged, isMissing, isPassing } from './call-platform.ts';
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
    patiently(reading, `the list of the updates of ${role} in round ${round}`, () =>
      client.archive(run, role, round, signal),
    );
  return {
    config: { spec, model },
    ledger: () => readLedger(reading),
    manifest: version => readManifest(reading, version),
    blob: sha256 => patiently(reading, `the file ${sha256}`, () => client.storedBlob(sha256, signal)),
    archives: {
      has: (role, round) => listed(role, round).then(({ length }) => length > 0, isThereDamaged),
      envelopes: async function* (role, round) {
        for (const piece of await listed(role, round))
          yield* readArchive(readPiece(reading, { role, round, ...piece }));
      },
    },
    sums,
  };
}

async function* readLedger(reading: Reading): AsyncIterable<ReadPage> {
  const { client, run, signal } = reading;
  let after = 0;
  for (;;) {
    const page = await patiently(reading, `the ledger after entry ${after}`, () =>
      client.ledger(run, after, signal),
    );
    if (page.events.length === 0) return;
    yield page;
    after = page.events.at(-1)?.seq ?? after;
  }
}

async function readManifest(reading: Reading, version: number): Promise<Manifest | null> {
  const { client, run, signal } = reading;
  try {
    return await patiently(reading, `the manifest of version ${version}`, () =>
      client.version(run, version, signal),
    );
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

interface PlacedPiece extends ArchivePiece {
  readonly role: Role;
  readonly round: number;
}

/** A piece of an archived object, in reads of bounded size. If its length is not told, a short one is the last. */
async function* readPiece(
  reading: Reading,
  { role, round, number, offset, bytes = Number.POSITIVE_INFINITY }: PlacedPiece,
): AsyncIterable<Uint8Array> {
  const { client, run, signal } = reading;
  const path = paths.archived(run, role, round, number);
  const what = `object ${number} with updates of ${role} in round ${round}`;
  const behind = offset + bytes;
  for (let start = offset; start < behind; start += READ_BYTES) {
    const end = Math.min(start + READ_BYTES, behind);
    const read = await patiently(reading, what, () => client.archivedBytes(path, start, end, signal));
    yield read;
    if (read.length < end - start) return;
  }
}

/**
 * Asks again if the connection is lost, or if the platform fails, a few times.
 * @param what is asked for, in words for people
 * @throws ReplayRefusal if no attempt brought it; else what the last attempt ended in
 */
async function patiently<T>({ client, signal }: Reading, what: string, ask: () => Promise<T>): Promise<T> {
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
    if (isDamaged(error)) throw new DamagedArchive(error.message);
    if (isPassing(error)) throw new ReplayRefusal(notRead(what, attempts, error), { cause: error });
    throw error;
  }
}

/** What is damaged is there. */
function isThereDamaged(error: unknown): true {
  if (error instanceof DamagedArchive) return true;
  throw error;
}

/** Nothing that was read differs, so this is no difference. What was not read may be one. */
const notRead = (what: string, attempts: number, { message }: Error): string =>
  `${what} could not be read, ${attempts} times, so nobody knows whether it is the same: ${message}`;
