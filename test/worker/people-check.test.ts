import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { passFor } from '../../client/platform/pass-for.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { type Siteverify, startSiteverify } from '../support/siteverify.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, refusalOf } from '../support/tiny-run.ts';

const started: TestPlatform[] = [];

async function platformWith(
  bindings: Readonly<Record<string, string>>,
  pages = false,
): Promise<TestPlatform> {
  const platform = new TestPlatform(bindings, { pages });
  started.push(platform);
  await platform.start();
  return platform;
}

let siteverify: Siteverify;
beforeAll(async () => {
  siteverify = await startSiteverify();
});
afterAll(async () => {
  for (const platform of started) await platform.remove();
  siteverify.close();
});

const settings = { TURNSTILE_SITE_KEY: 'the site key', TURNSTILE_SECRET: 'the secret' };
const checking = (): Promise<TestPlatform> => platformWith({ ...settings, TURNSTILE_URL: siteverify.url });

test('[CROWD8] a deployment with a check of people lets in who has passed it, once for each token, and referees', async () => {
  const { client } = await checking();
  const { run, hostKey } = await createTinyRun(client);
  expect((await client.run(run)).checksWith).toBe('the site key');
  expect(await refusalOf(joinRun(client, run))).toMatchObject({ status: 403, reason: 'not-checked' });
  expect(siteverify.asked).toEqual([]);
  const join = { name: 'Ada', device: { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 }, human: 'passed 1' };
  const response = await fetch(client.origin + paths.join(run), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.7' },
    body: JSON.stringify(join),
  });
  expect(response.status).toBe(201);
  expect(Object.fromEntries(siteverify.asked[0] ?? [])).toEqual({
    secret: 'the secret',
    response: 'passed 1',
    remoteip: '203.0.113.7',
  });
  for (const human of ['passed 1', 'guessed'])
    expect(await refusalOf(joinRun(client, run, { human }))).toMatchObject({ reason: 'not-checked' });
  await joinRun(client, run, { name: 'host' }, hostKey);
});

test('[CROWD8] a join that is repeated since its reply was lost does not show its token twice', async () => {
  const { client } = await checking();
  const { run } = await createTinyRun(client);
  const request = { human: 'passed again', nonce: '7'.repeat(32) };
  const first = await joinRun(client, run, request);
  expect((await joinRun(client, run, request)).volunteer).toBe(first.volunteer);
});

test('[CROWD8] if the check fails on its side, nobody gets in, and everybody may try again', async () => {
  const wrong = await platformWith({
    ...settings,
    TURNSTILE_SECRET: 'another',
    TURNSTILE_URL: siteverify.url,
  });
  const silent = await platformWith({ ...settings, TURNSTILE_URL: 'http://127.0.0.1:1/' });
  for (const { client } of [wrong, silent]) {
    const { run } = await createTinyRun(client);
    expect(await refusalOf(joinRun(client, run, { human: 'passed 2' }))).toMatchObject({
      reason: 'busy',
      detail: expect.stringContaining('the check of people'),
    });
  }
});

test('[CROWD8] nobody is checked unless a deployment has both settings', async () => {
  const { client } = await platformWith({ TURNSTILE_SITE_KEY: 'the site key' });
  const { run } = await createTinyRun(client);
  expect((await client.run(run)).checksWith).toBeUndefined();
  await joinRun(client, run);
});

/** A pass of the run for whoever joins with `nonce`. */
const pass = (client: HomeroomClient, run: string, nonce: string, human = `passed for ${run} ${nonce}`) =>
  passFor(client, run, { human, nonce });

test('[CROWD8] a token gives a pass, which lets in one volunteer of one run, as often as it is shown', async () => {
  const { client } = await checking();
  const [{ run }, other] = [await createTinyRun(client), await createTinyRun(client)];
  const nonce = '1'.repeat(32);
  const human = await pass(client, run, nonce);
  const before = siteverify.asked.length;
  const first = await joinRun(client, run, { human, nonce });
  expect((await joinRun(client, run, { human, nonce })).volunteer).toBe(first.volunteer);
  const wrong = [
    [run, { human, nonce: '2'.repeat(32) }],
    [run, { human }],
    [other.run, { human, nonce }],
    [run, { human: `${human.slice(0, -9)}forgedone`, nonce: '3'.repeat(32) }],
  ] as const;
  for (const [where, shown] of wrong)
    expect(await refusalOf(joinRun(client, where, shown))).toMatchObject({ reason: 'not-checked' });
  expect(Object.keys((await client.run(run)).view.volunteers)).toEqual([first.volunteer]);
  // A pass is our own. Nobody else is shown it.
  expect(siteverify.asked.length).toBe(before);
});

test('[CROWD8] a pass is nothing else: no token of a volunteer, and no token of a volunteer is a pass', async () => {
  const { client } = await checking();
  const { run } = await createTinyRun(client);
  const nonce = '4'.repeat(32);
  const human = await pass(client, run, nonce);
  expect(await refusalOf(client.lease(run, human.replace('pass.', '')))).toMatchObject({ status: 401 });
  const { token } = await joinRun(client, run, { human, nonce });
  const again = joinRun(client, run, { human: `pass.${token}`, nonce: '5'.repeat(32) });
  expect(await refusalOf(again)).toMatchObject({ reason: 'not-checked' });
});

test('[CROWD8] a token that is spent or was never given gets no pass', async () => {
  const { client } = await checking();
  const { run } = await createTinyRun(client);
  await pass(client, run, '6'.repeat(32), 'passed once');
  for (const human of ['passed once', 'guessed'])
    expect(await refusalOf(pass(client, run, '6'.repeat(32), human))).toMatchObject({
      ...{ status: 403, reason: 'not-checked' },
    });
});

test('[CROWD8] whoever shows no pass takes no turn of those who do', async () => {
  const { client } = await checking();
  const { run } = await createTinyRun(client);
  const reasons = await Promise.all(
    Array.from({ length: 700 }, async () => (await refusalOf(joinRun(client, run))).reason),
  );
  expect(new Set(reasons)).toEqual(new Set(['not-checked']));
  const nonce = '8'.repeat(32);
  await joinRun(client, run, { human: await pass(client, run, nonce), nonce });
});

test('[CROWD8] without both settings there is neither a pass nor a page of the check', async () => {
  const { client } = await platformWith({ TURNSTILE_SECRET: 'the secret' }, true);
  const { run } = await createTinyRun(client);
  expect(await refusalOf(pass(client, run, '9'.repeat(32)))).toMatchObject({ reason: 'not-found' });
  for (const path of ['/person', '/person.html', '/person/'])
    expect((await fetch(client.origin + path)).status, path).toBe(404);
  expect((await fetch(client.origin)).status, 'of the runs').toBe(200);
});
