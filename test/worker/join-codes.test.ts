import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { responseOf } from '../support/raw-put.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun } from '../support/tiny-run.ts';

const platform = usePlatform();

/** A run whose code is `sesame`. */
async function guardedRun() {
  const { client } = platform;
  const { run, hostKey } = await createTinyRun(client, { joinCode: 'sesame' });
  const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };
  /** What a code comes to that is shown from this address, as Cloudflare tells it. Undefined if it lets in. */
  const show = async (code: string, address?: string): Promise<string | undefined> => {
    const from = address === undefined ? {} : { 'cf-connecting-ip': address };
    const headers = { 'content-type': 'application/json', ...from };
    const body = JSON.stringify({ name: 'Eve', device, code });
    const response = await fetch(client.origin + paths.join(run), { method: 'POST', headers, body });
    return (await responseOf(response)).reason;
  };
  return { run, hostKey, show };
}

const times = (count: number, show: (i: number) => Promise<string | undefined>) =>
  Promise.all(Array.from({ length: count }, (_, i) => show(i)));

test('thirty wrong join codes shut out their address for a minute, with the right one too, but no other one and not the host', async () => {
  const { run, hostKey, show } = await guardedRun();
  // To show no code is no guess.
  expect(await times(40, () => show('', '203.0.113.7'))).toEqual(new Array(40).fill('wrong-code'));
  const reasons = await times(40, i => show(`wrong ${i}`, '203.0.113.7'));
  expect(reasons.toSorted()).toEqual([...new Array(10).fill('busy'), ...new Array(30).fill('wrong-code')]);
  expect(await show('sesame', '203.0.113.7')).toBe('busy');
  for (const address of ['203.0.113.8', '2001:db8::1', undefined])
    expect(await show('sesame', address)).toBeUndefined();
  await joinRun(platform.client, run, {}, hostKey);
});

test('a network of IPv6 addresses is one site, and so are all callers of a laptop, whose addresses nobody tells', async () => {
  const { show } = await guardedRun();
  await times(30, i => show('wrong', `2001:db8:0:${i}::${i}`));
  for (const address of ['2001:db8::1', '2001:db8:0:ffff:1:2:3:4'])
    expect(await show('sesame', address)).toBe('busy');
  expect(await show('sesame', '2001:db8:1::1')).toBeUndefined();
  await times(30, () => show('wrong'));
  expect(await show('sesame')).toBe('busy');
});

test('three hundred wrong join codes from wherever shut out everyone, so that a thousand addresses guess no faster', async () => {
  const { show } = await guardedRun();
  expect(await times(300, i => show('wrong', `198.51.100.${i % 250}`))).toEqual(
    new Array(300).fill('wrong-code'),
  );
  expect(await show('sesame', '203.0.113.8')).toBe('busy');
});
