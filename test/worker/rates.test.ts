import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { DeployedPlatform, OWNER_KEY } from '../support/deployed-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

/** Fewer calls than wrangler.toml allows, so that few are too many. */
const RATE = 20;

/** The period of ten seconds may end while they come. Then twice as many pass, and no more. */
const TOO_MANY = 2 * RATE + 1;

/** A call of each door that costs little: what is malformed is counted before it is read. */
const doors = {
  join: { method: 'POST', path: paths.join },
  events: { method: 'GET', path: paths.events },
  info: { method: 'GET', path: paths.run },
  ledger: { method: 'GET', path: (of: string) => `${paths.ledger(of)}?after=-1` },
  'the list of runs': { method: 'GET', path: () => paths.runs },
  'the list of data sets': { method: 'GET', path: () => paths.datasets },
  'runs that there are not': {
    ...{ method: 'GET', path: () => paths.run(`x${Math.random().toString(36).slice(2, 11)}`) },
  },
} as const;
type Door = keyof typeof doors;

const platform = new DeployedPlatform({ rate: RATE });
let [run, other] = ['', ''];
beforeAll(async () => {
  const client = await platform.client();
  ({ run } = await createTinyRun(client, { key: OWNER_KEY }));
  ({ run: other } = await createTinyRun(client, { key: OWNER_KEY }));
});
afterAll(() => platform.stop());

const call = (door: Door, of: string, address: string) =>
  platform.fetch(doors[door].path(of), {
    method: doors[door].method,
    headers: { 'cf-connecting-ip': address },
  });

/** The first refusal of too many calls at once. */
async function refusedOf(door: Door, address: (i: number) => string) {
  const all = await Promise.all(Array.from({ length: TOO_MANY }, (_, i) => call(door, run, address(i))));
  return all.find(({ status }) => status === 503);
}

describe.each(Object.keys(doors) as Door[])('%s', door => {
  it('refuses a network that calls too often, and says when to come back', async () => {
    const refused = await refusedOf(door, () => '203.0.113.7');
    expect(refused?.headers.get('retry-after')).toBe('10');
    expect(await refused?.json()).toMatchObject({
      error: { reason: 'busy', retryAfterMs: 10_000, detail: expect.stringMatching(/from this network/) },
    });
  });

  it('is open to everybody else meanwhile', async () => {
    expect((await call(door, run, '198.51.100.7')).status).not.toBe(503);
  });
});

it('counts by run: the same network reaches another one', async () => {
  await refusedOf('info', () => '203.0.113.8');
  expect((await call('info', other, '203.0.113.8')).status).toBe(200);
});

it('counts all addresses of one site of IPv6 together', async () => {
  expect(await refusedOf('join', i => `2001:db8:1:${i}::1`)).toBeDefined();
});

it('counts nothing without the bindings', async () => {
  const bare = new DeployedPlatform({ rate: null });
  const created = await createTinyRun(await bare.client(), { key: OWNER_KEY });
  const headers = { 'cf-connecting-ip': '203.0.113.7' };
  const calls = Array.from({ length: TOO_MANY }, () => bare.fetch(paths.run(created.run), { headers }));
  expect((await Promise.all(calls)).every(({ status }) => status === 200)).toBe(true);
  await bare.stop();
});

describe('what wrangler.toml allows', () => {
  it('is a tenth of a thousand calls a second, or less', () => {
    const config = readFileSync(join(packageRoot, 'wrangler.toml'), 'utf8');
    const limits = Array.from(config.matchAll(/limit = (\d+), period = (\d+)/g), ([, limit, period]) => ({
      ...{ limit: Number(limit), period: Number(period) },
    }));
    expect(limits).toHaveLength(4);
    for (const { limit, period } of limits) expect(limit / period).toBeLessThanOrEqual(100);
  });

  it('lets in a class of 40 behind one address, who all come at once, look, listen and join', async () => {
    const school = new DeployedPlatform();
    const { run: ofClass } = await createTinyRun(await school.client(), { key: OWNER_KEY });
    const pupils = Array.from({ length: 40 }, () => pupilOf(school, ofClass));
    expect(await Promise.all(pupils)).toEqual(pupils.map(() => [200, 200, 200, 200, 101, 201]));
    await school.stop();
  });
});

/** The statuses of what a page asks until its pupil takes part. */
async function pupilOf(school: DeployedPlatform, of: string): Promise<number[]> {
  const headers = { 'cf-connecting-ip': '192.0.2.1' };
  const statuses: number[] = [];
  for (const path of [paths.runs, paths.run(of), paths.run(of), paths.ledger(of)])
    statuses.push((await school.fetch(path, { headers })).status);
  const socket = await school.fetch(`${paths.events(of)}?frames=1`, {
    headers: { ...headers, upgrade: 'websocket' },
  });
  socket.webSocket?.accept();
  socket.webSocket?.close();
  const joined = await school.fetch(paths.join(of), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', device: { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 } }),
  });
  return [...statuses, socket.status, joined.status];
}
