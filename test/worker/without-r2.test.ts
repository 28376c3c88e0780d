import { afterAll, beforeAll, expect, test } from 'vitest';
import { listData } from '../../client/platform/data-list.ts';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { editStorage } from '../support/edit-storage.ts';
import { letAnHourPass } from '../support/let-an-hour-pass.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, publishedVersion, until } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  joinRun,
  refusalOf,
  type TinyRun,
  type TinyVolunteer,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = new TestPlatform({}, { withoutR2: true });
  await platform.start();
});
afterAll(() => platform.remove());

const plan = { name: 'conventional' } as const;

async function trainTo(
  tiny: TinyRun,
  pair: readonly TinyVolunteer[],
  from: number,
  last: number,
): Promise<void> {
  for (let version = from; version <= last; version++) {
    for (const volunteer of pair) await train(platform.client, tiny, volunteer, () => version / 8);
    await publishedVersion(platform.client, tiny.run, version);
  }
}

const replayed = async (run: string) => {
  const sums = new MemorySums();
  const { client } = platform;
  return replayRun(replayPorts(client, await client.run(run), role => sums.of(role)));
};

/** The host's referee judges what is to be judged, until the run has ended. */
async function judge({ run, hostKey }: TinyRun): Promise<void> {
  const { client } = platform;
  const { token } = await joinRun(client, run, { name: 'the host' }, hostKey);
  await until(async () => {
    const reply = await client.lease(run, token);
    if (reply.type === 'lease') {
      const { id, token: leaseToken } = reply.lease;
      await client.putUpdate(run, id, leaseToken, evaluationOf(reply.lease, 5));
    }
    return (await client.run(run)).view.phase === 'finished';
  }, 'the end');
}

/** What lies on the shelves. The platform has to be stopped. */
const onShelves = () =>
  editStorage(platform.folder, 'shelves', database => {
    const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'objects'").all().length > 0;
    const read = (query: string) => (isThere ? database.prepare(query).all() : []);
    return {
      keys: read('SELECT key FROM objects WHERE size > 0').map(({ key }) => String(key)),
      chunks: read('SELECT length(bytes) AS bytes FROM chunks').map(({ bytes }) => Number(bytes)),
    };
  });

test('a run trains to its end, is taken back on its way and computed again, goes on after a restart, and leaves nothing', async () => {
  const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
  const tiny = await createTinyRun(platform.client, { spec: { plan, rounds: 5, policy } });
  const pair = await joinMany(platform.client, tiny.run, 2);
  await trainTo(tiny, pair, 1, 2);
  await new RunHost(platform.client, tiny.run, tiny.hostKey).takeBack(1);
  await publishedVersion(platform.client, tiny.run, 3);
  await platform.restart();
  await trainTo(tiny, pair, 4, 5);
  await judge(tiny);
  await archivedRound(platform.client, tiny.run, 'whole', 5);
  expect(await replayed(tiny.run)).toMatchObject({ difference: null, matched: { first: 1, last: 5 } });
  await platform.stop();
  expect(onShelves().flatMap(({ keys }) => keys)).toContain(`archive/${tiny.run}/whole/5/0`);
  await platform.start();
  await new RunHost(platform.client, tiny.run, tiny.hostKey).deleteRun();
  const names = tiny.model.blobs.map(({ sha256 }) => sha256);
  await until(
    async () => (await platform.client.lackingBlobs(names)).length === names.length,
    'marked uploads',
  );
  await platform.stop();
  letAnHourPass(platform.folder);
  await platform.start();
  await until(async () => (await Promise.all(names.map(isGone))).every(Boolean), 'the end of the uploads');
  await platform.stop();
  expect(onShelves().flatMap(({ keys, chunks }) => [...keys, ...chunks])).toEqual([]);
  await platform.start();
});

const isGone = async (sha256: string): Promise<boolean> =>
  (await fetch(`${platform.client.origin}/api/blobs/${sha256}`, { method: 'HEAD' })).status === 404;

test('whoever asks for the data sets hears that there is no R2', async () => {
  expect((await listData(platform.client)).storage).toBe('objects');
});

test('a large blob is taken as it comes, is there for good, and is refused under a wrong name', async () => {
  const { client } = platform;
  const bytes = Uint8Array.from({ length: 3_900_000 }, (_, i) => i % 251);
  const sha256 = sha256Hex(bytes);
  const url = `${client.origin}/api/blobs/${sha256}`;
  expect(await refusalOf(client.putBlob(sha256Hex(bytes.subarray(1)), bytes))).toMatchObject({
    reason: 'wrong-hash',
  });
  await client.putBlob(sha256, bytes);
  await client.putBlob(sha256, bytes);
  expect(await client.lackingBlobs([sha256])).toEqual([]);
  const head = await fetch(url, { method: 'HEAD' });
  const got = await fetch(url);
  for (const { headers } of [head, got]) {
    expect(headers.get('content-length')).toBe(String(bytes.length));
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('etag')).toBe(`"${sha256}"`);
  }
  expect(Buffer.compare(new Uint8Array(await got.arrayBuffer()), bytes)).toBe(0);
});

test('large updates are taken and folded, in rows below 2 MB', async () => {
  const { client } = platform;
  // 4 MB an update in f32.
  const model = createTinyModel([1_000, 1_000]);
  const codec = { name: 'f32' } as const;
  const change = (_: string, i: number): number => (i % 5) / 8;
  const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
  const tiny = await createTinyRun(client, { model, spec: { plan, rounds: 1, codec, policy } });
  const bodies = [];
  for (const volunteer of await joinMany(client, tiny.run, 2)) {
    const lease = await takeLease(client, tiny.run, volunteer);
    bodies.push({ lease, body: updateOf(model, lease, change, { codec }) });
  }
  await Promise.all(bodies.map(({ lease, body }) => client.putUpdate(tiny.run, lease.id, lease.token, body)));
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(model, 'segment-2', change));
  const pieces = await archivedRound(client, tiny.run, 'whole', 1);
  expect(pieces).toHaveLength(2);
  await platform.stop();
  const chunks = onShelves().flatMap(shelf => shelf.chunks);
  expect(Math.max(...chunks)).toBeGreaterThan(1_000_000);
  expect(Math.max(...chunks)).toBeLessThan(2_000_000);
  await platform.start();
});
