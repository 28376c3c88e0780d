import { createHash } from 'node:crypto';
import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '../../worker/shelf/shelf-calls.ts';
import { BucketClient, type Kind, startBuckets } from '../support/bucket-client.ts';

let miniflare: Miniflare;

beforeAll(async () => {
  miniflare = await startBuckets();
});
afterAll(() => miniflare.dispose());

/** No two stretches of it are the same. */
const bytesOf = (length: number, seed = 1): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
};

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const equal = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  Buffer.compare(a ?? new Uint8Array(), b) === 0;

const SIZES = [0, 1, 70_000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 5];

describe.each<[string, Kind]>([
  ['R2', 'r2'],
  ['on shelves', 'shelves'],
])('a bucket (%s)', (_, kind) => {
  let bucket: BucketClient;
  let runs = 0;
  let run = '';

  beforeAll(() => {
    bucket = new BucketClient(miniflare, kind);
  });

  const folder = (): string => {
    run = `${kind}${runs++}`;
    return `archive/${run}`;
  };

  it.each(SIZES.flatMap(size => (['bytes', 'stream'] as const).map(as => [size, as] as const)))(
    'gives back %i bytes that came as %s',
    async (size, as) => {
      const key = `${folder()}/student/1/0`;
      const bytes = bytesOf(size);
      const before = Date.now();
      const customMetadata = { run: 'ada', uploaded: 'yes' };
      const stored = await bucket.put(key, bytes, { as, customMetadata });
      expect(stored).toMatchObject({ key, size, customMetadata });
      expect(stored?.uploaded).toBeGreaterThanOrEqual(before - 1_000);
      expect(stored?.httpEtag).toMatch(/^"[0-9a-f]{32,64}"$/);
      expect(await bucket.head(key)).toEqual(stored);
      const { bytes: read, ...object } = (await bucket.get(key)) ?? { bytes: undefined };
      expect(object).toEqual(stored);
      expect(equal(read, bytes)).toBe(true);
    },
  );

  it('takes a text, and knows nothing of a key that was never put', async () => {
    const at = folder();
    await bucket.put(`${at}/index`, Buffer.from('[“é”]'), { as: 'text' });
    expect(Buffer.from((await bucket.get(`${at}/index`))?.bytes ?? []).toString()).toBe('[“é”]');
    expect((await bucket.head(`${at}/index`))?.customMetadata).toEqual({});
    expect(await bucket.head(`${at}/other`)).toBeNull();
    expect(await bucket.get(`${at}/other`)).toBeNull();
  });

  it('has the same etag for the same bytes, and another one for others', async () => {
    const at = folder();
    const puts = [bytesOf(10), bytesOf(10), bytesOf(10, 2)].map((bytes, i) =>
      bucket.put(`${at}/${i}`, bytes),
    );
    const [first, same, other] = (await Promise.all(puts)).map(stored => stored?.httpEtag);
    expect(same).toBe(first);
    expect(other).not.toBe(first);
  });

  it.each([
    [0, 1],
    [5, undefined],
    [CHUNK_BYTES - 2, 4],
    [CHUNK_BYTES, CHUNK_BYTES],
    [7, 2 * CHUNK_BYTES],
    [CHUNK_BYTES - 1, 2 * CHUNK_BYTES + 1],
    [3 * CHUNK_BYTES + 4, 9],
  ])('gives the range from %i on of %s bytes', async (offset, length) => {
    const key = `${folder()}/0`;
    const bytes = bytesOf(3 * CHUNK_BYTES + 5);
    await bucket.put(key, bytes);
    const range = { offset, ...(length !== undefined && { length }) };
    const got = await bucket.get(key, range);
    expect(got?.size).toBe(bytes.length);
    expect(equal(got?.bytes, bytes.slice(offset, length === undefined ? undefined : offset + length))).toBe(
      true,
    );
  });

  it('fails at a range behind the end', async () => {
    const key = `${folder()}/0`;
    await bucket.put(key, bytesOf(10));
    for (const offset of [10, 11]) await expect(bucket.get(key, { offset })).rejects.toThrow();
    expect(await bucket.get(`${key}0`, { offset: 11 })).toBeNull();
  });

  it('replaces an object by another, with all that is known of it', async () => {
    const key = `${folder()}/0`;
    for (const [size, customMetadata] of [
      [2 * CHUNK_BYTES, { run: 'ada' }],
      [3, {}],
      [CHUNK_BYTES + 1, { run: 'bob' }],
      [0, {}],
      [4, {}],
    ] as const) {
      await bucket.put(key, bytesOf(size, size + 1), { customMetadata });
      const got = await bucket.get(key);
      expect(got).toMatchObject({ size });
      expect(got?.customMetadata).toEqual(customMetadata);
      expect(equal(got?.bytes, bytesOf(size, size + 1))).toBe(true);
    }
  });

  it.each([10, 2 * CHUNK_BYTES])('puts %i bytes only if nothing lies there, if it is told so', async size => {
    const key = `${folder()}/0`;
    const [first, other] = [bytesOf(size), bytesOf(size, 2)];
    expect(await bucket.put(key, first, { isNew: true })).not.toBeNull();
    for (const as of ['bytes', 'stream'] as const)
      expect(await bucket.put(key, other, { as, isNew: true })).toBeNull();
    expect(equal((await bucket.get(key))?.bytes, first)).toBe(true);
  });

  it('puts only in place of what is older, if it is told so', async () => {
    const key = `${folder()}/0`;
    const { uploaded } = (await bucket.put(key, bytesOf(10), { uploadedBefore: 1 })) ?? { uploaded: 0 };
    expect(await bucket.put(key, bytesOf(5), { uploadedBefore: uploaded })).toBeNull();
    expect(await bucket.head(key)).toMatchObject({ size: 10 });
    expect(await bucket.put(key, bytesOf(5), { uploadedBefore: uploaded + 1 })).not.toBeNull();
    expect(await bucket.head(key)).toMatchObject({ size: 5 });
  });

  it('lets one of many puts at once have a key that was free', async () => {
    const key = `${folder()}/0`;
    const puts = Array.from({ length: 8 }, (_, i) =>
      bucket.put(key, bytesOf(CHUNK_BYTES + i, i + 1), { isNew: true, as: 'stream' }),
    );
    const won = (await Promise.all(puts)).flatMap(stored => stored ?? []);
    expect(won).toHaveLength(1);
    expect(await bucket.head(key)).toEqual(won[0]);
  });

  it.each([10, 2 * CHUNK_BYTES])(
    'refuses %i bytes of another hash, and leaves what was there',
    async size => {
      const key = `${folder()}/0`;
      const bytes = bytesOf(size);
      await bucket.put(key, bytes, { sha256: sha256Of(bytes) });
      for (const as of ['bytes', 'stream'] as const) {
        const wrong = { as, sha256: sha256Of(bytes) };
        await expect(bucket.put(key, bytesOf(size, 2), wrong)).rejects.toThrow(/SHA-256|checksum/i);
        await expect(bucket.put(`${key}0`, bytesOf(size, 2), wrong)).rejects.toThrow(/SHA-256|checksum/i);
      }
      expect(equal((await bucket.get(key))?.bytes, bytes)).toBe(true);
      expect(await bucket.head(`${key}0`)).toBeNull();
    },
  );

  it.each([10, 3 * CHUNK_BYTES])('keeps nothing of a put of %i bytes that is broken off', async size => {
    const at = folder();
    await bucket.put(`${at}/0`, bytesOf(7));
    for (const key of [`${at}/0`, `${at}/1`])
      expect(await bucket.brokenPut(key, bytesOf(size, 2))).toEqual(expect.any(String));
    expect(equal((await bucket.get(`${at}/0`))?.bytes, bytesOf(7))).toBe(true);
    expect(await bucket.head(`${at}/1`)).toBeNull();
  });

  it('deletes one key or many, and passes over what is not there', async () => {
    const at = folder();
    for (const name of ['0', '1', '2', '3']) await bucket.put(`${at}/${name}`, bytesOf(CHUNK_BYTES + 1));
    await bucket.delete(`${at}/0`);
    await bucket.delete([`${at}/2`, `${at}/9`, `sums/${run}/1`, `${at}/3`]);
    await bucket.delete(`${at}/0`);
    expect((await bucket.list({ prefix: `${at}/` })).objects.map(({ key }) => key)).toEqual([`${at}/1`]);
    await bucket.delete(`${at}/1`);
    expect((await bucket.list({ prefix: `${at}/` })).objects).toEqual([]);
    // The next one finds a bucket that is as good as new.
    await bucket.put(`${at}/1`, bytesOf(4));
    expect(await bucket.head(`${at}/1`)).toMatchObject({ size: 4 });
  });

  it('lists what begins so, in the order of keys, and folders by their name', async () => {
    const at = folder();
    const names = ['10', '2', '2/a', '2/b', 'cohort-1/0', 'cohort-1/1', 'cohort-10/0', 'index'];
    for (const name of names) await bucket.put(`${at}/${name}`, bytesOf(name.length));
    await bucket.put(`envelopes/${run}/0`, bytesOf(1));
    const all = await bucket.list({ prefix: `${at}/` });
    expect(all).toEqual({
      objects: names.map(name => ({ key: `${at}/${name}`, size: name.length })),
      delimitedPrefixes: [],
      truncated: false,
    });
    const folders = await bucket.list({ prefix: `${at}/`, delimiter: '/' });
    expect(folders.objects.map(({ key }) => key)).toEqual(['10', '2', 'index'].map(name => `${at}/${name}`));
    expect(folders.delimitedPrefixes).toEqual(['2/', 'cohort-1/', 'cohort-10/'].map(name => `${at}/${name}`));
    const some = await bucket.list({ prefix: `${at}/cohort-1` });
    expect(some.objects.map(({ key }) => key)).toEqual(names.slice(4, 7).map(name => `${at}/${name}`));
  });

  it.each([undefined, '/'])('lists page by page (delimiter %s)', async delimiter => {
    const at = folder();
    for (const name of ['0', '1/a', '1/b', '1/c', '2', '3/a', '4', '5/a', '5/b'])
      await bucket.put(`${at}/${name}`, bytesOf(1));
    const options = { prefix: `${at}/`, ...(delimiter && { delimiter }) };
    const whole = await bucket.list(options);
    for (const limit of [1, 2, 3]) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await bucket.list({ ...options, limit, ...(cursor && { cursor }) });
        const names = [...page.objects.map(({ key }) => key), ...page.delimitedPrefixes];
        expect(names.length).toBeLessThanOrEqual(limit);
        expect(page.truncated).toBe(page.cursor !== undefined);
        found.push(...names);
        cursor = page.cursor;
      } while (cursor);
      expect(found.toSorted()).toEqual(
        [...whole.objects.map(({ key }) => key), ...whole.delimitedPrefixes].toSorted(),
      );
    }
  });

  it('lists a thousand objects at most, and deletes as many', async () => {
    const at = folder();
    for (let start = 0; start < 1_005; start += 201)
      await Promise.all(
        Array.from({ length: 201 }, (_, i) => bucket.put(`${at}/${1_000 + start + i}`, bytesOf(1))),
      );
    const first = await bucket.list({ prefix: `${at}/` });
    expect(first).toMatchObject({ truncated: true });
    expect(first.objects).toHaveLength(1_000);
    await bucket.delete(first.objects.map(({ key }) => key));
    const { objects, truncated } = await bucket.list({ prefix: `${at}/` });
    expect([objects.length, truncated]).toEqual([5, false]);
  });

  it.each(['delete', 'put'] as const)('lets whoever reads an object read on after a %s', async change => {
    const key = `${folder()}/0`;
    const bytes = bytesOf(5 * CHUNK_BYTES);
    await bucket.put(key, bytes);
    expect(equal(await bucket.readWhile(key, change), bytes)).toBe(true);
    expect((await bucket.head(key))?.size).toBe(change === 'put' ? 1 : undefined);
  });

  it('gives the first bytes of an object to whoever wants no more', async () => {
    const key = `${folder()}/0`;
    await bucket.put(key, bytesOf(4 * CHUNK_BYTES));
    expect(await bucket.readPart(key)).toBeGreaterThan(0);
    await bucket.delete(key);
    expect(await bucket.head(key)).toBeNull();
  });
});
