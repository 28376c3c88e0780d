import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, refusalOf } from '../support/tiny-run.ts';

/**
 * Cloudflare cannot be reached from here. This server of our own speaks the protocol of its Siteverify API as that is
 * documented: a form with `secret` and `response`, and JSON with `success` and `error-codes`. Tokens are good once.
 */
const asked: URLSearchParams[] = [];
const spent = new Set<string>();

function reply(form: URLSearchParams): { success: boolean; 'error-codes': string[] } {
  const token = form.get('response') ?? '';
  if (form.get('secret') !== 'the secret') return { success: false, 'error-codes': ['invalid-input-secret'] };
  if (!token.startsWith('passed')) return { success: false, 'error-codes': ['invalid-input-response'] };
  if (spent.has(token)) return { success: false, 'error-codes': ['timeout-or-duplicate'] };
  spent.add(token);
  return { success: true, 'error-codes': [] };
}

const siteverify = createServer((request, response) => {
  let body = '';
  request.on('data', piece => {
    body += piece;
  });
  request.on('end', () => {
    const form = new URLSearchParams(body);
    asked.push(form);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(reply(form)));
  });
});

const started: TestPlatform[] = [];

async function platformWith(bindings: Readonly<Record<string, string>>): Promise<TestPlatform> {
  const platform = new TestPlatform(bindings);
  started.push(platform);
  await platform.start();
  return platform;
}

let url = '';
beforeAll(async () => {
  await new Promise<void>(resolve => void siteverify.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(siteverify.address() as AddressInfo).port}/siteverify`;
});
afterAll(async () => {
  for (const platform of started) await platform.remove();
  siteverify.close();
});

const settings = { TURNSTILE_SITE_KEY: 'the site key', TURNSTILE_SECRET: 'the secret' };

test('[CROWD8] a deployment with a check of people lets in who has passed it, once for each token, and referees', async () => {
  const { client } = await platformWith({ ...settings, TURNSTILE_URL: url });
  const { run, hostKey } = await createTinyRun(client);
  expect((await client.run(run)).checksWith).toBe('the site key');
  expect(await refusalOf(joinRun(client, run))).toMatchObject({ status: 403, reason: 'not-checked' });
  expect(asked).toEqual([]);
  const join = { name: 'Ada', device: { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 }, human: 'passed 1' };
  const response = await fetch(client.origin + paths.join(run), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.7' },
    body: JSON.stringify(join),
  });
  expect(response.status).toBe(201);
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    secret: 'the secret',
    response: 'passed 1',
    remoteip: '203.0.113.7',
  });
  for (const human of ['passed 1', 'guessed'])
    expect(await refusalOf(joinRun(client, run, { human }))).toMatchObject({ reason: 'not-checked' });
  await joinRun(client, run, { name: 'host' }, hostKey);
});

test('[CROWD8] a join that is repeated since its reply was lost does not show its token twice', async () => {
  const { client } = await platformWith({ ...settings, TURNSTILE_URL: url });
  const { run } = await createTinyRun(client);
  const request = { human: 'passed again', nonce: '7'.repeat(32) };
  const first = await joinRun(client, run, request);
  expect((await joinRun(client, run, request)).volunteer).toBe(first.volunteer);
});

test('[CROWD8] if the check fails on its side, nobody gets in, and everybody may try again', async () => {
  const wrong = await platformWith({ ...settings, TURNSTILE_SECRET: 'another', TURNSTILE_URL: url });
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
