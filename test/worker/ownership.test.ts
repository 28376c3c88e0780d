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
  return error?.reason ?? 'claimed';
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
  expect(await claim(platform, mine)).toBe('claimed');
  // The reply may have been lost.
  expect(await claim(platform, mine)).toBe('claimed');
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
    expect(await claim(restarted, key)).toBe('claimed');
    const { run } = await createTinyRun(restarted.client, { key });
    const { token } = await joinRun(restarted.client, run);
    await restarted.restart();
    expect((await restarted.client.lease(run, token)).type).not.toBe('refused');
  } finally {
    await restarted.remove();
  }
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
