import { expect, test } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { OWNER_KEY_PREFIX } from '../../shared/protocol/ownership.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { TestPlatform, usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, refusalOf } from '../support/tiny-run.ts';

const CLAIM = 'ab'.repeat(32);
const hashOf = (text: string): string => sha256Hex(encodeUtf8(text));
const keyOf = (digit: string): string => OWNER_KEY_PREFIX + digit.repeat(64);
const ENDS = '99999999999999';

/** As a deploy without any secret leaves it. */
const deployed = {
  RUN_CREATION: 'closed',
  TOKEN_SECRET: '',
  DEPLOYMENT_KEY: '',
  CLAIM_HASH: hashOf(CLAIM),
  CLAIM_ENDS: ENDS,
};

const platform = usePlatform(deployed);
const late = usePlatform({ ...deployed, CLAIM_ENDS: '1' });
const withSecret = usePlatform({ ...deployed, DEPLOYMENT_KEY: 'the key of this deployment' });
const withSample = usePlatform({ ...deployed, TOKEN_SECRET: 'change-me' });

async function claim({ client }: TestPlatform, key: string, shown = CLAIM): Promise<string> {
  const response = await fetch(client.origin + paths.claim, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ claim: shown, keyHash: hashOf(key) }),
  });
  const { error } = (await response.json()) as { error?: { reason: string } };
  return error?.reason ?? 'owner';
}

const ownership = async ({ client }: TestPlatform): Promise<unknown> =>
  (await fetch(client.origin + paths.owner)).json();

test('whoever shows the claim that the deploy printed owns the deployment, and nobody after that', async () => {
  expect(await ownership(platform)).toEqual({ creation: 'closed', isOwned: false, hasClaim: true });
  const [mine, theirs] = [keyOf('1'), keyOf('2')];
  expect(await refusalOf(createTinyRun(platform.client, { key: mine }))).toMatchObject({
    reason: 'creation-closed',
  });
  expect(await claim(platform, theirs, 'cd'.repeat(32))).toBe('wrong-claim');
  expect(await claim(platform, mine)).toBe('owner');
  // The reply may have been lost.
  expect(await claim(platform, mine)).toBe('owner');
  expect(await ownership(platform)).toEqual({ creation: 'closed', isOwned: true, hasClaim: false });
  const { run } = await createTinyRun(platform.client, { key: mine });
  expect((await joinRun(platform.client, run)).volunteer).not.toBe('');
  expect(await refusalOf(createTinyRun(platform.client, { key: theirs }))).toMatchObject({
    reason: 'creation-closed',
  });
});

test('the same secret signs after a restart, so that volunteers go on', async () => {
  const restarted = new TestPlatform(deployed);
  await restarted.start();
  try {
    const key = keyOf('3');
    expect(await claim(restarted, key)).toBe('owner');
    const { run } = await createTinyRun(restarted.client, { key });
    const { token } = await joinRun(restarted.client, run);
    await restarted.restart();
    expect((await restarted.client.lease(run, token)).type).not.toBe('refused');
  } finally {
    await restarted.remove();
  }
});

test('of many who show one claim at once, one becomes the owner', async () => {
  const contested = new TestPlatform(deployed);
  await contested.start();
  try {
    const keys = Array.from({ length: 8 }, (_, i) => keyOf(i.toString(16)));
    const outcomes = await Promise.all(keys.map(key => claim(contested, key)));
    expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'claimed'), 'owner']);
    const { client } = contested;
    const created = await Promise.allSettled(keys.map(key => createTinyRun(client, { key })));
    expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  } finally {
    await contested.remove();
  }
});

test('what a stranger can see of a claim does not claim: its hash, a part of it, a body without end, another site', async () => {
  const { client } = late;
  const send = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(client.origin + paths.claim, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', ...headers },
    });
  const keyHash = hashOf(keyOf('1'));
  expect(await claim(platform, keyOf('4'), deployed.CLAIM_HASH)).toBe('wrong-claim');
  expect((await send(JSON.stringify({ claim: CLAIM.slice(1), keyHash }))).status).toBe(400);
  expect((await send(JSON.stringify({ claim: [CLAIM], keyHash }))).status).toBe(400);
  expect((await send(`"${'a'.repeat(1_000_000)}"`)).status).toBe(413);
  expect(
    (await send(JSON.stringify({ claim: CLAIM, keyHash }), { origin: 'https://other.example' })).status,
  ).toBe(403);
  expect((await send(`claim=${CLAIM}`, { 'content-type': 'text/plain' })).ok).toBe(false);
});

test('a deployment key that was typed wrong is told from none', async () => {
  const refusal = await refusalOf(createTinyRun(platform.client, { key: keyOf('e') }));
  expect(refusal.message).toContain('the key that was shown is another one');
  expect((await refusalOf(createTinyRun(platform.client))).message).not.toContain('another one');
});

test('a claim that has ended, or that no deploy printed, owns nothing', async () => {
  expect(await claim(late, keyOf('1'))).toBe('wrong-claim');
  expect(await ownership(late)).toEqual({ creation: 'closed', isOwned: false, hasClaim: false });
  expect(await claim(withSecret, keyOf('1'))).toBe('wrong-claim');
  expect(await ownership(withSecret)).toEqual({ creation: 'closed', isOwned: true, hasClaim: false });
});

test('a platform whose secret is the sample of a document serves nothing, and says which secret it is', async () => {
  const response = await fetch(withSample.client.origin + paths.runs);
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(/misconfigured.*TOKEN_SECRET.*wrangler secret delete TOKEN_SECRET/s);
});
