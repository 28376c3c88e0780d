import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { putShard, sweepShard } from '../../worker/storage/blobs.ts';
import { startBarePlatform } from '../support/bare-platform.ts';

type Bucket = Parameters<typeof sweepShard>[0];

const HOUR_MS = 3_600_000;

let miniflare: Miniflare;
let bucket: Bucket;
let client: HomeroomClient;

beforeAll(async () => {
  miniflare = await startBarePlatform();
  bucket = (await miniflare.getR2Bucket('BLOBS')) as unknown as Bucket;
  client = new HomeroomClient((await miniflare.ready).origin);
});
afterAll(() => miniflare.dispose());

/** As if all that was stored so far were two hours old. */
const sweepLater = (sha256: string) => sweepShard(bucket, sha256, 'ada', Date.now() + 2 * HOUR_MS);

test.each([
  ['is about to be swept', async () => {}],
  ['was just swept', async (sha256: string) => expect(await sweepLater(sha256)).toBe('swept')],
])('[SWEEP4] a large blob that %s is there for good once somebody uploads the same', async (what, sweep) => {
  // Too large to be held in memory, so it passes to R2 as a stream.
  const bytes = new Uint8Array(300_000).fill(what.length);
  const sha256 = sha256Hex(bytes);
  await putShard(bucket, sha256, bytes, 'ada');
  await sweep(sha256);
  await client.putBlob(sha256, bytes);
  expect(await sweepLater(sha256)).toBe('kept');
  expect(await client.getBlob(sha256)).toEqual(bytes);
});
