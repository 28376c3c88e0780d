import fc from 'fast-check';
import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHUNK_BYTES } from '../../worker/shelf/shelf-calls.ts';
import type { ToldObject } from '../support/bucket-calls.ts';
import { BucketClient, BucketError, startBuckets } from '../support/bucket-client.ts';
import { propertyRuns } from '../support/extent.ts';

const SEED = 20_261_128;

let miniflare: Miniflare;

beforeAll(async () => {
  miniflare = await startBuckets();
});
afterAll(() => miniflare.dispose());

const names = fc.constantFrom('0', '1', '10', '2/a', '2/b', '3/a/b', 'index');
const sizes = fc.constantFrom(0, 1, 999, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES + 3);

const actions = fc.oneof(
  fc.record({
    type: fc.constant('put' as const),
    name: names,
    size: sizes,
    byte: fc.nat(255),
    as: fc.constantFrom('bytes' as const, 'stream' as const),
    more: fc.constantFrom({}, { isNew: true }, { uploadedBefore: 1 }, { customMetadata: { run: 'ada' } }),
  }),
  fc.record({ type: fc.constant('brokenPut' as const), name: names, size: sizes }),
  fc.record({ type: fc.constant('get' as const), name: names }),
  fc.record({ type: fc.constant('head' as const), name: names }),
  fc.record({
    type: fc.constant('range' as const),
    name: names,
    offset: fc.constantFrom(0, 1, 999, CHUNK_BYTES - 1, CHUNK_BYTES),
    length: fc.constantFrom(undefined, 1, 1_000, CHUNK_BYTES + 2),
  }),
  fc.record({ type: fc.constant('delete' as const), names: fc.array(names, { minLength: 1, maxLength: 4 }) }),
  fc.record({
    type: fc.constant('list' as const),
    folder: fc.constantFrom('', '2/', '1', '3/'),
    delimiter: fc.constantFrom(undefined, '/'),
    limit: fc.constantFrom(undefined, 1, 3),
  }),
);
type Action = typeof actions extends fc.Arbitrary<infer T> ? T : never;

/** What both have alike. When it was put, and how R2 makes its etag, they have not. */
const alike = (told: (ToldObject & { bytes?: Uint8Array }) | null) =>
  told && {
    key: told.key.slice(told.key.indexOf('/', 'archive/'.length)),
    size: told.size,
    metadata: told.customMetadata,
    ...(told.bytes && { bytes: [told.bytes.length, told.bytes.at(0), told.bytes.at(-1)] }),
  };

async function act(bucket: BucketClient, run: string, action: Action): Promise<unknown> {
  const at = `archive/${run}/`;
  switch (action.type) {
    case 'put': {
      const { name, size, byte, as, more } = action;
      return alike(await bucket.put(at + name, new Uint8Array(size).fill(byte), { as, ...more }));
    }
    case 'brokenPut':
      // Nothing is before the last byte of nothing.
      if (action.size < 2) return null;
      return (await bucket.brokenPut(at + action.name, new Uint8Array(action.size))) !== null;
    case 'get':
      return alike(await bucket.get(at + action.name));
    case 'head':
      return alike(await bucket.head(at + action.name));
    case 'range': {
      const { name, offset, length } = action;
      return alike(await bucket.get(at + name, { offset, ...(length !== undefined && { length }) }));
    }
    case 'delete':
      return bucket.delete(action.names.map(name => at + name));
    case 'list': {
      const { folder, delimiter, limit } = action;
      const options = { prefix: at + folder, ...(delimiter && { delimiter }), ...(limit && { limit }) };
      const { objects, delimitedPrefixes, truncated } = await bucket.list(options);
      const found = objects.map(({ key, size }) => [key.slice(at.length), size]);
      return { found, truncated, folders: delimitedPrefixes.map(key => key.slice(at.length)) };
    }
  }
}

/** What it comes to: a result, or that it fails. */
const outcome = (bucket: BucketClient, run: string, action: Action): Promise<unknown> =>
  act(bucket, run, action).catch((error: unknown) => {
    if (error instanceof BucketError) return 'fails';
    throw error;
  });

test('whatever is done, R2 and the shelves reply alike', async () => {
  const [r2, shelves] = [new BucketClient(miniflare, 'r2'), new BucketClient(miniflare, 'shelves')];
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(actions, { minLength: 5, maxLength: 15 }), async sequence => {
      const run = `run${runs++}`;
      for (const action of sequence)
        expect(await outcome(shelves, run, action)).toEqual(await outcome(r2, run, action));
    }),
    { numRuns: propertyRuns(15), seed: SEED },
  );
});
