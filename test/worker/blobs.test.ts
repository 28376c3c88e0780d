import { expect, test } from 'vitest';
import { findDataset } from '../../client/platform/data-list.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { announce, rawPut, responseOf } from '../support/raw-put.ts';
import { usePlatform } from '../support/test-platform.ts';
import { refusalOf, tinyGlyphs } from '../support/tiny-run.ts';

const platform = usePlatform();

/** The largest blob there may be. */
const MAX_BYTES = 4_000_000;

const pathOf = (bytes: Uint8Array): string => paths.blob(sha256Hex(bytes));

test('a blob comes back under its hash, immutable for every cache', async () => {
  const { client } = platform;
  const bytes = encodeUtf8('some weights');
  expect(await rawPut(client, pathOf(bytes), bytes)).toMatchObject({ status: 201 });
  const response = await fetch(client.origin + pathOf(bytes));
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': '12',
    'content-type': 'application/octet-stream',
  });
});

test('HEAD tells whether a blob is here and how long it is, without its bytes', async () => {
  const { client } = platform;
  const bytes = new Uint8Array(300_001).fill(5);
  const head = () => fetch(client.origin + pathOf(bytes), { method: 'HEAD' });
  expect((await head()).status).toBe(404);
  await client.putBlob(sha256Hex(bytes), bytes);
  const response = await head();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-length')).toBe('300001');
  expect((await response.arrayBuffer()).byteLength).toBe(0);
});

test('a blob under another hash is refused as wrong-hash, and nothing is stored', async () => {
  const { client } = platform;
  const named = encodeUtf8('what it says it is');
  const response = await rawPut(client, pathOf(named), encodeUtf8('what it is'));
  expect(response).toMatchObject({ status: 422, reason: 'wrong-hash' });
  for (const text of ['what it says it is', 'what it is'])
    expect(await refusalOf(client.getBlob(sha256Hex(encodeUtf8(text))))).toMatchObject({
      status: 404,
      reason: 'not-found',
    });
});

test('a blob put again is fine, and other bytes under its name change nothing', async () => {
  const { client } = platform;
  const bytes = encodeUtf8('put again');
  for (let i = 0; i < 2; i++) await client.putBlob(sha256Hex(bytes), bytes);
  await rawPut(client, pathOf(bytes), encodeUtf8('something else'));
  expect(await client.getBlob(sha256Hex(bytes))).toEqual(bytes);
});

test('the same blob put many times at once is stored', async () => {
  const { client } = platform;
  const bytes = new Uint8Array(300_000).fill(3);
  await Promise.all(Array.from({ length: 8 }, () => client.putBlob(sha256Hex(bytes), bytes)));
  expect(await client.getBlob(sha256Hex(bytes))).toEqual(bytes);
});

test('a blob that says it is over 4 MB is refused before its body is read', async () => {
  const { client } = platform;
  const path = paths.blob('a'.repeat(64));
  expect(await announce(client, { path, bytes: MAX_BYTES + 1 })).toBe(413);
});

test('a blob over 4 MB that does not say so is refused as too-large, and nothing is stored', async () => {
  const { client } = platform;
  const bytes = new Uint8Array(MAX_BYTES + 1);
  expect(await rawPut(client, pathOf(bytes), bytes, { isChunked: true })).toMatchObject({
    status: 413,
    reason: 'too-large',
  });
  expect(await refusalOf(client.getBlob(sha256Hex(bytes)))).toMatchObject({ status: 404 });
});

test.for([false, true])('a blob of exactly 4 MB is stored (chunked: %s)', async isChunked => {
  const { client } = platform;
  const bytes = new Uint8Array(MAX_BYTES).fill(isChunked ? 1 : 2);
  expect(await rawPut(client, pathOf(bytes), bytes, { isChunked })).toMatchObject({ status: 201 });
  expect((await client.getBlob(sha256Hex(bytes))).length).toBe(MAX_BYTES);
});

test('what is not named by a hash is neither stored nor found', async () => {
  const { client } = platform;
  for (const name of ['weights', 'A'.repeat(64), `${'a'.repeat(64)}0`]) {
    const response = await rawPut(client, paths.blob(name), encodeUtf8('x'));
    expect(response).toMatchObject({ status: 400, reason: 'malformed' });
    expect(await responseOf(await fetch(client.origin + paths.blob(name)))).toMatchObject({ status: 404 });
  }
});

test('a data set is registered once its parts lie here, and stays what it is', async () => {
  const { client } = platform;
  const part = { sha256: sha256Hex(new Uint8Array(800)), bytes: 16 + 785, examples: 1 };
  const shape = { height: 28, width: 28, channels: 1 };
  const common = { kind: 'hosted' as const, name: 'few digits', partition: tinyGlyphs.partition };
  const dataset = { ...common, shape, classes: 10, train: [part], test: [part] };
  expect(await refusalOf(client.putDataset(dataset))).toMatchObject({ reason: 'bad-spec' });
  expect(await refusalOf(client.putDataset(tinyGlyphs))).toMatchObject({ reason: 'bad-spec' });
  await client.putBlob(part.sha256, new Uint8Array(800));
  await client.putDataset(dataset);
  expect(await refusalOf(client.putDataset({ ...dataset, classes: 11 }))).toMatchObject({ status: 409 });
  expect(await findDataset(client, dataset.name)).toEqual(dataset);
});
