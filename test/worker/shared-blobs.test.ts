import { Miniflare } from 'miniflare';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { claimBlob, hasBlob, putBlob, putShard, readBlob, sweepShard } from '../../worker/storage/blobs.ts';

const miniflare = new Miniflare({
  modules: true,
  script: 'export default {}',
  r2Buckets: ['BLOBS'],
  cf: false,
});
afterAll(() => miniflare.dispose());

type Bucket = Parameters<typeof hasBlob>[0];

const HOUR_MS = 3_600_000;

let count = 0;
let bytes = new Uint8Array();
let sha256 = '';
let bucket: Bucket;

beforeEach(async () => {
  bytes = new TextEncoder().encode(`shard ${count++}`);
  sha256 = sha256Hex(bytes);
  bucket = (await miniflare.getR2Bucket('BLOBS')) as unknown as Bucket;
});

/** As if all that was stored so far were two hours old. */
const sweepLater = (run: string) => sweepShard(bucket, sha256, run, Date.now() + 2 * HOUR_MS);

describe('[SWEEP4] a shard that a run has made', () => {
  it('is swept by that run, is not there any more, and can be stored again', async () => {
    await putShard(bucket, sha256, bytes, 'ada');
    expect(await sweepLater('ada')).toBe('swept');
    expect(await hasBlob(bucket, sha256)).toBe(false);
    expect(await claimBlob(bucket, sha256)).toBe(false);
    expect(await sweepLater('ada')).toBe('kept');
    await putShard(bucket, sha256, bytes, 'ada');
    expect(await readBlob(bucket, sha256)).toEqual(bytes);
  });

  it('is not swept within an hour, nor by another run', async () => {
    await putShard(bucket, sha256, bytes, 'ada');
    expect(await sweepShard(bucket, sha256, 'ada', Date.now())).toBe('young');
    expect(await sweepLater('bob')).toBe('kept');
    expect(await hasBlob(bucket, sha256)).toBe(true);
  });

  it.each([
    ['another run makes the same', () => putShard(bucket, sha256, bytes, 'bob')],
    ['somebody uploads the same', () => putBlob(bucket, sha256, bytes)],
    ['a run is created from it', () => claimBlob(bucket, sha256)],
  ])('stays for good once %s', async (_, refer) => {
    await putShard(bucket, sha256, bytes, 'ada');
    await refer();
    await putShard(bucket, sha256, bytes, 'ada');
    for (const run of ['ada', 'bob']) expect(await sweepLater(run)).toBe('kept');
    expect(await readBlob(bucket, sha256)).toEqual(bytes);
  });

  it.each([
    ['makes the same', () => putShard(bucket, sha256, bytes, 'bob')],
    ['uploads the same', () => putBlob(bucket, sha256, bytes)],
  ])('that is swept already stays for good once another one %s', async (_, refer) => {
    await putShard(bucket, sha256, bytes, 'ada');
    await sweepLater('ada');
    await refer();
    for (const run of ['ada', 'bob']) expect(await sweepLater(run)).toBe('kept');
    expect(await readBlob(bucket, sha256)).toEqual(bytes);
  });

  it('is young again once its own run makes it again', async () => {
    await putShard(bucket, sha256, bytes, 'ada');
    const { uploaded } = (await bucket.head(`blobs/${sha256}`)) ?? { uploaded: new Date(0) };
    await new Promise(resolve => setTimeout(resolve, 5));
    await putShard(bucket, sha256, bytes, 'ada');
    expect(await sweepShard(bucket, sha256, 'ada', uploaded.getTime() + HOUR_MS + 1)).toBe('young');
    expect(await sweepLater('ada')).toBe('swept');
  });

  it('is not swept if it is stored anew while the sweep looks at it', async () => {
    await putShard(bucket, sha256, bytes, 'ada');
    const slow = new Proxy(bucket, {
      get: (target, name) => {
        if (name !== 'head') return Reflect.get(target, name).bind(target);
        return async (key: string) => {
          const found = await target.head(key);
          await new Promise(resolve => setTimeout(resolve, 5));
          await claimBlob(target, sha256);
          return found;
        };
      },
    });
    const { uploaded } = (await bucket.head(`blobs/${sha256}`)) ?? { uploaded: new Date(0) };
    expect(await sweepShard(slow, sha256, 'ada', uploaded.getTime() + HOUR_MS + 1)).toBe('young');
    expect(await readBlob(bucket, sha256)).toEqual(bytes);
    expect(await sweepLater('ada')).toBe('kept');
  });
});

it('a blob that nobody marked is never swept, and a wrong name is refused', async () => {
  await putBlob(bucket, sha256, bytes);
  expect(await sweepLater('ada')).toBe('kept');
  const other = sha256Hex(new TextEncoder().encode('another'));
  for (const put of [putBlob(bucket, other, bytes), putShard(bucket, other, bytes, 'ada')])
    expect(await put).toMatchObject({ ok: false, reason: 'wrong-hash' });
});
