import { beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { readArchive } from '../../shared/replay/read-archive.ts';
import { archivedRound, entriesOf } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  createTinyRun,
  joinMany,
  refusalOf,
  type TinyRun,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();
const policy = { updatesPerRound: 3, evaluators: 'referees' } as const;
const spec = { plan: { name: 'conventional' }, policy, rounds: 3 } as const;
let tiny: TinyRun;

beforeAll(async () => {
  const { client } = platform;
  tiny = await createTinyRun(client, { spec });
  const volunteers = await joinMany(client, tiny.run, 3);
  for (const volunteer of volunteers) await train(client, tiny, volunteer, () => 0.25);
  await archivedRound(client, tiny.run, 'whole', 1);
  // An update of the round that runs, which nobody is to read yet.
  const [first] = volunteers;
  if (!first) throw new Error('three volunteers');
  await train(client, tiny, first, () => 0.5);
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(platform.client.origin + path, { headers });
const object = (number = 0): string => paths.archived(tiny.run, 'whole', 1, number);

test('the archive of a folded round is listed, and holds the updates whose hashes the ledger has', async () => {
  const { client } = platform;
  const [listed, ...more] = await client.archive(tiny.run, 'whole', 1);
  expect(more).toEqual([]);
  const response = await get(object());
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(listed).toEqual({ number: 0, offset: 0, bytes: bytes.length });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': String(bytes.length),
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
  });
  const hashes: string[] = [];
  const whole = (async function* () {
    yield bytes;
  })();
  for await (const envelope of readArchive(whole)) hashes.push(sha256Hex(envelope));
  const told = await entriesOf(client, tiny.run, 'update-accepted');
  expect(hashes).toEqual(told.filter(({ round }) => round === 1).map(({ sha256 }) => sha256));
});

test('HEAD tells how long an archived object is, without its bytes', async () => {
  const response = await fetch(platform.client.origin + object(), { method: 'HEAD' });
  const [listed] = await platform.client.archive(tiny.run, 'whole', 1);
  expect([response.status, response.headers.get('content-length')]).toEqual([200, String(listed?.bytes)]);
  expect((await response.arrayBuffer()).byteLength).toBe(0);
});

test('a range of it is sent alone', async () => {
  const whole = new Uint8Array(await (await get(object())).arrayBuffer());
  const size = whole.length;
  for (const [range, start, end] of [
    ['bytes=0-3', 0, 4],
    ['bytes=10-19', 10, 20],
    [`bytes=${size - 5}-`, size - 5, size],
    [`bytes=${size - 5}-${size + 100}`, size - 5, size],
  ] as const) {
    const response = await get(object(), { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${size}`);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(whole.subarray(start, end));
  }
  expect((await get(object(), { range: `bytes=${size}-${size + 5}` })).status).toBe(416);
  for (const range of ['bytes=9-3', 'bytes=-5', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b', 'bytes=']) {
    const response = await get(object(), { range });
    expect([range, response.status, (await response.arrayBuffer()).byteLength]).toEqual([range, 200, size]);
  }
});

test('nothing is listed of a round that is not folded, of a role that folds nothing, or of no run', async () => {
  const { client } = platform;
  expect(await client.archive(tiny.run, 'whole', 2)).toEqual([]);
  expect(await client.archive(tiny.run, 'student', 1)).toEqual([]);
  expect(await refusalOf(client.archive('abc123defg', 'whole', 1))).toMatchObject({ status: 404 });
  expect((await get(object(1))).status).toBe(404);
  expect((await get(paths.archived(tiny.run, 'whole', 2, 0))).status).toBe(404);
});

test.each([
  ...[
    'evaluator/1',
    'nobody/1',
    'whole/-1',
    'whole/1.5',
    'whole/01',
    'whole/1e1',
    'whole/9999999',
    'whole/x',
  ],
  ...[
    'whole/1/00',
    'whole/1/-0',
    'whole/1/0x0',
    'whole/1/%30%30',
    'whole/1/0/0',
    'whole/1/..',
    'whole%2F1/0',
  ],
  ...['%2e%2e/blobs/0', '..%2f..%2fenvelopes/1/0', 'whole/1/0%00', 'whole/1/%2e%2e%2f%2e%2e', 'WHOLE/1/0'],
])('archive/%s leads nowhere', async path => {
  const response = await get(`/api/runs/${tiny.run}/archive/${path}`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { reason: 'not-found' } });
});

test('a run’s name that is none leads nowhere', async () => {
  for (const run of ['..', 'A'.repeat(10), `${tiny.run}%2f..`, 'x']) {
    const response = await get(`/api/runs/${run}/archive/whole/1`);
    expect(response.status).toBe(404);
  }
});

test('an archive takes no bytes from outside', async () => {
  const volunteer = (await joinMany(platform.client, tiny.run, 1))[0];
  if (!volunteer) throw new Error('a volunteer');
  const lease = await takeLease(platform.client, tiny.run, volunteer);
  const body = updateOf(tiny.model, lease, () => 1);
  for (const method of ['PUT', 'POST', 'DELETE']) {
    const response = await fetch(platform.client.origin + object(), { method, body });
    expect(response.status).toBe(404);
  }
  expect((await get(object())).status).toBe(200);
});
