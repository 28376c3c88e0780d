import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { type Action, access, type Caller, callers, isAllowed } from '../../shared/protocol/access.ts';
import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import { bundleWorker, workerIndex } from '../support/bundle-worker.ts';
import { responseOf } from '../support/raw-put.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun } from '../support/tiny-run.ts';

const SHA = 'a'.repeat(64);
const HOUR_MS = 3_600_000;

const partOf = new Uint8Array(24);
const part = { sha256: sha256Hex(partOf), bytes: partOf.length, examples: 2 };
/** It is there for every caller. */
const dataset: HostedDataset = {
  ...{ kind: 'hosted', name: 'shapes', shape: { height: 1, width: 3, channels: 1 }, classes: 2 },
  ...{ partition: { kind: 'iid' }, train: [part], test: [part] },
};

/** What is asked of each route: the action that the table has for it, and a call of it. A new route needs its line. */
const routes: Readonly<
  Record<string, { readonly action: Action; readonly body?: unknown; readonly query?: string }>
> = {
  'GET /api/runs': { action: 'look' },
  'POST /api/runs': { action: 'create', body: {} },
  'GET /api/owner': { action: 'look' },
  'POST /api/owner/claim': {
    action: 'claim',
    body: { claim: '0'.repeat(64), keyHash: '0'.repeat(64) },
  },
  'POST /api/runs/:run/archive-term': { action: 'keepArchives', body: { action: 'extend' } },
  'GET /api/owner/storage': { action: 'seeStorage' },
  'POST /api/owner/storage': { action: 'seeStorage' },
  'GET /api/runs/:run': { action: 'look' },
  'POST /api/runs/:run/join': {
    action: 'join',
    body: { name: 'Eve', device: { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 }, code: 'sesame' },
  },
  'POST /api/runs/:run/pass': { action: 'join', body: { human: 'x', nonce: '0'.repeat(32) } },
  'GET /api/runs/:run/versions': { action: 'look' },
  'GET /api/runs/:run/versions/:version{[0-9]+}': { action: 'look' },
  'GET /api/runs/:run/ledger': { action: 'look' },
  'POST /api/runs/:run/control': { action: 'control', body: { action: 'resume' } },
  'POST /api/runs/:run/take-back': { action: 'takeBack', body: { version: 0 } },
  'DELETE /api/runs/:run/volunteers/:volunteer': { action: 'removeVolunteer' },
  'PATCH /api/runs/:run/volunteers/:volunteer': { action: 'renameVolunteer', body: { name: 'Bea' } },
  'GET /api/runs/:run/host': { action: 'lookAsHost' },
  'POST /api/runs/:run/archived': { action: 'archive', body: { archived: false } },
  'POST /api/runs/:run/visibility': { action: 'setVisibility', body: { visibility: 'public' } },
  'DELETE /api/runs/:run': { action: 'deleteRun' },
  'GET /api/runs/:run/keys': { action: 'manageKeys' },
  'POST /api/runs/:run/keys': { action: 'manageKeys', body: { label: 'Bob', lastsMs: HOUR_MS } },
  'DELETE /api/runs/:run/keys/:key': { action: 'manageKeys' },

  'POST /api/runs/:run/host-key': { action: 'manageKeys', body: { nonce: '0'.repeat(32) } },
  'GET /api/runs/:run/events': { action: 'look' },
  'POST /api/runs/:run/leases': { action: 'train', body: {} },
  'PUT /api/runs/:run/leases/:lease/update': { action: 'train' },
  'POST /api/runs/:run/leases/:lease/release': { action: 'train', body: { reason: 'tired' } },
  'POST /api/runs/:run/checks': { action: 'check', body: {} },
  'POST /api/runs/:run/checks/:check': { action: 'check', body: { type: 'losses', after: [1] } },
  'GET /api/runs/:run/archive/:role/:round': { action: 'look' },
  'GET /api/runs/:run/archive/:role/:round/:number': { action: 'look' },
  'GET /api/blobs/:sha256': { action: 'look' },
  'POST /api/blobs/lacking': { action: 'create', body: { sha256: [SHA] } },
  'PUT /api/blobs/:sha256': { action: 'create', body: {} },
  'GET /api/datasets': { action: 'look' },
  'POST /api/datasets': { action: 'create', body: {} },
  'DELETE /api/datasets': { action: 'removeDataset', query: `?name=${dataset.name}` },
  'GET /person': { action: 'look' },
  'GET /try/': { action: 'look' },
  'GET /try/:run': { action: 'look' },
  'GET /*': { action: 'look' },
};

const keyIn = (folder: string): string => readFileSync(join(folder, 'deployment-key'), 'utf8');

/** Statuses that say: not you. */
const SHUT = [401, 403];

describe.each(['open', 'closed'] as const)('creation is %s', creation => {
  const platform = new TestPlatform({ RUN_CREATION: creation });
  beforeAll(() => platform.start());
  afterAll(() => platform.remove());

  /** Of a run of its own: what each caller shows, and the lease that volunteer and referee may update. */
  async function scene() {
    const { client } = platform;
    const owner = keyIn(platform.folder);
    const { run, hostKey } = await createTinyRun(client, { joinCode: 'sesame', key: owner });
    const { key } = await new RunHost(client, run, hostKey).makeKey({ label: 'Ann', lastsMs: HOUR_MS });
    await client.putBlob(part.sha256, partOf, owner);
    await client.putDataset(dataset, owner);
    const volunteer = await joinRun(client, run, { code: 'sesame' });
    const referee = await joinRun(client, run, {}, key);
    const leaseOf = async (token: string) => {
      const reply = await client.lease(run, token);
      return reply.type === 'lease' ? reply.lease : { id: 'nolease', token: '' };
    };
    const [mine, hers] = [await leaseOf(volunteer.token), await leaseOf(referee.token)];
    return {
      run,
      shows: { visitor: '', volunteer: volunteer.token, referee: referee.token, host: hostKey, owner },
      leases: { volunteer: mine, referee: hers },
      removable: volunteer.volunteer,
    };
  }
  type Scene = Awaited<ReturnType<typeof scene>>;

  async function call(route: string, caller: Caller, { run, shows, leases, removable }: Scene) {
    const [method = '', pattern = ''] = route.split(' ');
    const lease = caller === 'referee' ? leases.referee : leases.volunteer;
    const path = pattern
      .replace(':run', run)
      .replace(':lease', lease.id)
      .replace(':volunteer', removable)
      .replace(/:version.*/, '0')
      .replace(':role', 'student')
      .replace(/:round|:number/g, '1')
      .replace(':key', 'nosuchkey')
      .replace(':check', 'nosuchcheck')
      .replace(':sha256', SHA)
      .replace('*', '');
    const isUpdate = pattern.endsWith('/update');
    const holds = caller === 'volunteer' || caller === 'referee';
    const bearer = isUpdate && holds ? lease.token : shows[caller];
    const { body, query = '' } = routes[route] ?? {};
    const headers = {
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return responseOf(await fetch(platform.client.origin + path + query, init));
  }

  const isAsked = (route: string): boolean => creation === 'open' || routes[route]?.action === 'create';

  test.each(Object.keys(routes).filter(isAsked))('%s, by every caller', async route => {
    const { action = 'look' } = routes[route] ?? {};
    const asked = creation === 'closed' ? 'createIfClosed' : action;
    const played = await scene();
    const letIn: Caller[] = [];
    for (const caller of callers)
      if (!SHUT.includes((await call(route, caller, played)).status)) letIn.push(caller);
    expect(letIn).toEqual(callers.filter(caller => isAllowed(asked, caller)));
  });

  test('a referee’s key, the host key and the deployment key judge, and need no join code', async () => {
    const { run, shows } = await scene();
    const { client } = platform;
    const { key } = await new RunHost(client, run, shows.host).makeKey({ label: 'Bob', lastsMs: HOUR_MS });
    for (const shown of [key, shows.host, shows.owner]) {
      const { volunteer } = await joinRun(client, run, {}, shown);
      expect((await client.run(run)).view.volunteers[volunteer]?.referee).toBe(true);
    }
  });
});

test('every route has its line here, and the other way round', async () => {
  const script = await bundleWorker(`
    import worker from ${JSON.stringify(workerIndex)};
    export * from ${JSON.stringify(workerIndex)};
    export default {
      fetch: () => Response.json(worker.routes.map(({ method, path }) => method + ' ' + path)),
    };
  `);
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-routes-'));
  await writeFile(join(folder, 'worker.js'), script);
  const platform = new TestPlatform({}, { script: join(folder, 'worker.js') });
  await platform.start();
  const told: string[] = JSON.parse(await (await fetch(platform.client.origin)).text());
  await platform.remove();
  await rm(folder, { recursive: true });
  const asked = new Set(told.filter(route => !route.startsWith('ALL ')));
  expect([...asked].toSorted()).toEqual(Object.keys(routes).toSorted());
});

test('worker/README.md has the table of who may do what', () => {
  const page = readFileSync(join(packageRoot, 'worker/README.md'), 'utf8');
  const rows = Array.from(
    page.matchAll(/^\| `(\w+)` \|[^|]*\|((?:[^|]*\|){5})$/gm),
    ([, action, cells = '']) => [action, callers.filter((_, i) => cells.split('|')[i]?.trim() === 'yes')],
  );
  expect(rows).toEqual(Object.entries(access));
});

test('a volunteer’s token is of its run alone', async () => {
  const platform = new TestPlatform();
  await platform.start();
  const { client } = platform;
  const [one, other] = [await createTinyRun(client), await createTinyRun(client)];
  const { token } = await joinRun(client, one.run);
  await expect(client.lease(other.run, token)).rejects.toMatchObject({ reason: 'unauthorised' });
  await expect(client.control(other.run, 'pause', one.hostKey)).rejects.toMatchObject({
    reason: 'forbidden',
  });
  await platform.remove();
});
