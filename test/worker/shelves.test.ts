import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Miniflare } from 'miniflare';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CHUNK_BYTES } from '../../worker/shelf/shelf-calls.ts';
import { DataFolder } from '../bench/chaos/data-folder.ts';
import { BucketClient, startBuckets } from '../support/bucket-client.ts';
import { editStorage } from '../support/edit-storage.ts';
import { until } from '../support/poll.ts';

const LARGE = new Uint8Array(4 * CHUNK_BYTES).fill(7);
const KEY = 'envelopes/run/student/1/lease/upload';

let folder: string;
let miniflare: Miniflare;
let isRunning = false;
let bucket: BucketClient;

async function start(): Promise<void> {
  miniflare = await startBuckets(folder);
  isRunning = true;
  bucket = new BucketClient(miniflare, 'shelves');
}

async function stop(): Promise<void> {
  if (isRunning) await miniflare.dispose();
  isRunning = false;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-shelves-'));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

const hasTables = (database: DatabaseSync): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'chunks'").all().length > 0;

/** How many rows all shelves have, by table. A shelf without anything has no tables. The platform may be running. */
function countRows(): Record<'shelves' | 'objects' | 'chunks' | 'loose', number> {
  const rows = { shelves: 0, objects: 0, chunks: 0, loose: 0 };
  editStorage(folder, 'shelves', database => {
    if (!hasTables(database)) return;
    rows.shelves += 1;
    for (const table of ['objects', 'chunks', 'loose'] as const)
      rows[table] += database.prepare(`SELECT 1 FROM ${table}`).all().length;
  });
  return rows;
}

const NOTHING = { shelves: 0, objects: 0, chunks: 0, loose: 0 };

test('an object of one chunk is two rows, and a larger one has a row more for each further chunk', async () => {
  await bucket.put('archive/ada/student/1/0', LARGE.subarray(0, CHUNK_BYTES), { as: 'stream' });
  await bucket.put('archive/ada/student/1/1', LARGE);
  await bucket.put(`blobs/${'0'.repeat(64)}`, new Uint8Array(1));
  await stop();
  expect(countRows()).toEqual({ shelves: 2, objects: 3, chunks: 6, loose: 0 });
});

test('what is replaced, refused, broken off or deleted leaves no row', async () => {
  await bucket.put(KEY, LARGE);
  await bucket.put(KEY, new Uint8Array(3));
  expect(await bucket.put(KEY, LARGE, { as: 'stream', isNew: true })).toBeNull();
  await expect(bucket.put(KEY, LARGE, { as: 'stream', sha256: 'f'.repeat(64) })).rejects.toThrow('SHA-256');
  await bucket.brokenPut(KEY, LARGE);
  await bucket.readPart(KEY);
  await until(async () => countRows().loose === 0, 'the end of what was broken off');
  expect(countRows()).toEqual({ shelves: 1, objects: 1, chunks: 1, loose: 0 });
  await bucket.delete(KEY);
  await until(async () => countRows().shelves === 0, 'the end of the shelf');
});

test('nothing is left of a put whose sender has gone', async () => {
  await bucket.unendedPut(KEY, LARGE, 'leftPut');
  await until(async () => countRows().shelves === 0, 'the end of what was left');
  expect(await bucket.head(KEY)).toBeNull();
});

test('an object that goes while its reader has gone too leaves no row', async () => {
  await bucket.put(KEY, LARGE);
  await bucket.readWhile(KEY, 'delete');
  await until(async () => countRows().shelves === 0, 'the end of the shelf');
});

test('nothing is left of a put in whose midst the platform was killed, once the shelf is changed or listed', async () => {
  await bucket.put('archive/run/student/1/0', new Uint8Array(5));
  const held = bucket.unendedPut(KEY, LARGE, 'heldPut').catch(() => {});
  await until(async () => countRows().loose === 1 && countRows().chunks > 2, 'some chunks');
  await stop();
  await held;
  expect(countRows()).toMatchObject({ objects: 1, loose: 1 });
  await start();
  expect(await bucket.head(KEY)).toBeNull();
  expect(await bucket.head('archive/run/student/1/0')).toMatchObject({ size: 5 });
  await bucket.list({ prefix: 'envelopes/run/' });
  await stop();
  expect(countRows()).toEqual({ shelves: 1, objects: 1, chunks: 1, loose: 0 });
});

test('many uploads at once are stored in rows that are not full, and read as they came', async () => {
  const slow = Array.from({ length: 8 }, (_, i) =>
    bucket.unendedPut(`${KEY}${i}`, LARGE.subarray(0, CHUNK_BYTES - 1), 'heldPut').catch(() => {}),
  );
  await until(async () => countRows().loose > 0, 'more than is held in memory');
  const bytes = Uint8Array.from({ length: CHUNK_BYTES + 100_000 }, (_, i) => (i * i) >> 3);
  await bucket.put('archive/run/student/1/0', bytes, { as: 'stream' });
  expect(countRows().chunks).toBeGreaterThan(10);
  for (const [offset, length] of [
    [0, bytes.length],
    [CHUNK_BYTES - 100_000, 150_000],
    [70_000, 1],
  ] as const) {
    const got = await bucket.get('archive/run/student/1/0', { offset, length });
    expect(Buffer.compare(got?.bytes ?? bytes, bytes.subarray(offset, offset + length))).toBe(0);
  }
  await stop();
  await Promise.all(slow);
});

test('a put goes on while the last object of its shelf is deleted', async () => {
  for (let i = 0; i < 20; i++) {
    await bucket.put('sums/run/student/0/0/0', LARGE.subarray(0, 10));
    const put = bucket.put(KEY, LARGE.subarray(0, i % 2 === 0 ? 10 : 2 * CHUNK_BYTES), { as: 'stream' });
    await bucket.delete('sums/run/student/0/0/0');
    await put;
    expect((await bucket.get(KEY))?.bytes).toHaveLength(i % 2 === 0 ? 10 : 2 * CHUNK_BYTES);
    await bucket.delete(KEY);
  }
  await stop();
  expect(countRows()).toEqual(NOTHING);
});

test.each(['runs', 'blobs/', 'blobs/0/1', 'archive/run', 'archive//1', `blobs/${'g'.repeat(64)}`])(
  'no shelf has the key %s',
  async key => {
    await expect(bucket.head(key)).rejects.toThrow('no shelf has such keys');
  },
);

test('a put on a full disk fails and leaves nothing, what is there can be read, and the next put is taken once there is room', async context => {
  await stop();
  const disk = await DataFolder.make(1);
  const before = folder;
  folder = disk.path;
  try {
    await start();
    await bucket.put(KEY, LARGE);
    if (!disk.fill()) return context.skip('this machine lets us make no disk of our own');
    // The log of the database has room for some bytes more.
    await expect(bucket.put('archive/run/student/1/0', new Uint8Array(10 * LARGE.length))).rejects.toThrow(
      'full',
    );
    // workerd ends an object whose write failed, with what it is asked meanwhile.
    const isNotThere = () =>
      bucket.head('archive/run/student/1/0').then(
        found => found === null,
        () => false,
      );
    await until(isNotThere, 'the shelf');
    expect((await bucket.get(KEY))?.bytes).toHaveLength(LARGE.length);
    disk.makeRoom();
    await bucket.put('archive/run/student/1/0', LARGE);
    await bucket.delete(KEY);
    await stop();
    expect(countRows()).toEqual({ shelves: 1, objects: 1, chunks: 4, loose: 0 });
  } finally {
    await stop();
    disk.remove();
    folder = before;
  }
});
