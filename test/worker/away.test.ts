import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { buildChaosWorker } from '../bench/chaos/build-chaos-worker.ts';
import { FAULTS_PATH, type Faults } from '../bench/chaos/faults.ts';
import { publishedVersion } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, joinRun, refusalOf, takeLease, train } from '../support/tiny-run.ts';

/** Parts of the platform are away, as they are now and then. What can go on does, and what cannot says so. */

let platform: TestPlatform;

const CLAIM = 'ab'.repeat(32);
const hashOf = (text: string): string => sha256Hex(encodeUtf8(text));

beforeAll(async () => {
  const claim = { CLAIM_HASH: hashOf(CLAIM), CLAIM_ENDS: '99999999999999', DEPLOYMENT_KEY: '' };
  platform = new TestPlatform({ TOKEN_SECRET: '', ...claim }, { script: await buildChaosWorker() });
  await platform.start();
});
afterEach(() => setFaults({}));
afterAll(() => platform.remove());

async function setFaults(faults: Faults): Promise<void> {
  await fetch(platform.client.origin + FAULTS_PATH, { method: 'POST', body: JSON.stringify(faults) });
}

const there = async (run: string): Promise<number> =>
  Object.keys((await platform.client.run(run)).view.volunteers).length;

test('if the keeper of the secrets is away, whoever joins is told so, no volunteer is left, and no token is called forged', async () => {
  const { run } = await createTinyRun(platform.client);
  const ada = await joinRun(platform.client, run);
  // Nobody has asked the keeper since.
  await platform.restart();
  const { client } = platform;
  await setFaults({ broken: ['signingSecret'] });
  const ofJoin = await refusalOf(
    client.join(run, { name: 'Bob', device: { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 } }),
  );
  expect(ofJoin).toMatchObject({ reason: 'busy', message: expect.stringContaining('its own secrets') });
  expect(await refusalOf(client.lease(run, ada.token))).toMatchObject({ reason: 'busy' });
  expect(await there(run)).toBe(1);
  await setFaults({});
  expect((await client.lease(run, ada.token)).type).toBeDefined();
  await joinRun(client, run, { name: 'Bob' });
  expect(await there(run)).toBe(2);
});

test('a claim that could not be kept, as on a full disk, is not used, and is told so', async () => {
  const { client } = platform;
  const claim = (): Promise<Response> =>
    fetch(client.origin + paths.claim, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ claim: CLAIM, keyHash: hashOf('a key') }),
    });
  await setFaults({ broken: ['claim'] });
  const refused = await claim();
  expect(refused.status).toBe(503);
  expect(await refused.text()).toContain('cannot read or keep its own secrets');
  expect(await (await fetch(client.origin + paths.owner)).json()).toMatchObject({
    isOwned: false,
    hasClaim: true,
  });
  await setFaults({});
  expect((await claim()).status).toBe(200);
});

test('if the directory is away, runs are made, joined and trained, and the list says that it cannot be had', async () => {
  const { client } = platform;
  await setFaults({ awayDirectory: true });
  const tiny = await createTinyRun(client, { spec: { policy: { updatesPerRound: 2 } } });
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  await train(client, tiny, first, () => 0.25);
  await train(client, tiny, second, () => 0.25);
  await publishedVersion(client, tiny.run, 1);
  expect(await takeLease(client, tiny.run, first)).toBeDefined();
  for (const path of [paths.runs, paths.datasets]) {
    const response = await fetch(client.origin + path);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { reason: 'busy', text: expect.any(String) } });
  }
});
