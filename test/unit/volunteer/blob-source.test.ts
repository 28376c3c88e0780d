import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { BlobSource } from '../../../client/volunteer/blob-source.ts';
import type { ByteStore } from '../../../client/volunteer/byte-store.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { keepsNothing, MemoryStore } from '../../support/memory-store.ts';

/** Two blobs, of 3 and of 5 bytes. */
const blobs = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6, 7, 8)];
const [three = '', five = ''] = blobs.map(sha256Hex);
const byHash = new Map(blobs.map(bytes => [sha256Hex(bytes), bytes]));

let server: Server;
let client: HomeroomClient;
let served: string[] = [];

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const sha256 = url.split('/').at(-1) ?? '';
    served.push(sha256);
    response.end(byHash.get(sha256));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  client = new HomeroomClient(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
});

afterAll(() => server.close());

beforeEach(() => {
  served = [];
});

/** Writing takes a while. */
class SlowStore extends MemoryStore {
  override async put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, 50));
    await super.put(name, bytes);
  }
}

const sourceOf = (cache: ByteStore = new SlowStore(), stopped = new AbortController().signal): BlobSource =>
  new BlobSource(client, cache, stopped);

test('a blob is downloaded once, asked for twice at a time, while it is being kept, or after', async () => {
  const source = sourceOf();
  await Promise.all([source.get(three, 'model'), source.get(three, 'model')]);
  await source.get(three, 'model');
  await new Promise(resolve => setTimeout(resolve, 100));
  expect([...(await source.get(three, 'model'))]).toEqual([1, 2, 3]);
  expect(served).toEqual([three]);
});

test('a cache that keeps nothing costs downloads, not the blob', async () => {
  const source = sourceOf(keepsNothing);
  expect([...(await source.get(three, 'data'))]).toEqual([1, 2, 3]);
  await new Promise(resolve => setTimeout(resolve, 0));
  expect([...(await source.get(three, 'data'))]).toEqual([1, 2, 3]);
  expect(served).toEqual([three, three]);
});

test('what was downloaded of the model is told once, no more at a time than is believed; data is not told', async () => {
  const source = sourceOf();
  await source.get(three, 'data');
  expect(source.tellBytes(100)).toBe(0);
  await source.get(five, 'model');
  expect(source.tellBytes(4)).toBe(4);
  expect(source.tellBytes(4)).toBe(1);
  expect(source.tellBytes(4)).toBe(0);
  expect(source.downloadedBytes).toBe(8);
});

test('a download ends with the volunteer, and one that failed is tried anew', async () => {
  const stopper = new AbortController();
  stopper.abort();
  await expect(sourceOf(new SlowStore(), stopper.signal).get(three, 'model')).rejects.toThrow();
  const source = sourceOf();
  byHash.delete(five);
  await expect(source.get(five, 'model')).rejects.toThrow();
  byHash.set(five, Uint8Array.of(4, 5, 6, 7, 8));
  expect((await source.get(five, 'model')).length).toBe(5);
});
