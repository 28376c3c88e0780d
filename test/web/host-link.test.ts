import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkHostKey } from '../../client/web/state/check-host-key.ts';
import { hostKeyOf, keepHostKey } from '../../client/web/state/host-keys.ts';
import { dismissHostLink, hostLink, offerHostKey, settleHostLink } from '../../client/web/state/host-link.ts';
import { inviteOriginOf, isForThisComputer, otherNameOf } from '../../client/web/state/invite-origin.ts';
import { takeKeyFromAddress } from '../../client/web/state/referee-keys.ts';
import { hostPage, parseRunLink, paths } from '../../shared/protocol/paths.ts';
import { type Replies, stubPlatform } from './stub-platform.ts';

const run = 'abc123defg';
const key = 'a'.repeat(64);
const other = 'b'.repeat(64);

const host = paths.host(run);
const isHost = (): readonly [number, unknown] => [200, { caller: 'host', joinCode: null, archived: false }];
const isNobody = (): readonly [number, unknown] => [
  403,
  { error: { reason: 'forbidden', text: 'this key does not allow it' } },
];

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  dismissHostLink(run);
});
afterEach(() => vi.unstubAllGlobals());

describe('a link with a host key', () => {
  const open = async (replies: Replies): Promise<void> => {
    stubPlatform(replies);
    offerHostKey(run, key);
    await settleHostLink(run);
  };

  it('makes this browser the host’s, once the platform says that the key is right', async () => {
    await open({ [host]: isHost });
    expect([hostLink(run), hostKeyOf(run)]).toEqual(['taken', key]);
  });

  it('replaces a key that was renewed, but never by one that is none', async () => {
    keepHostKey(run, other);
    await open({ [host]: isNobody });
    expect([hostLink(run), hostKeyOf(run)]).toEqual(['wrong', other]);
    await open({ [host]: isHost });
    expect(hostKeyOf(run)).toBe(key);
  });

  it('waits for a platform that is away, and is asked for again', async () => {
    await open({});
    expect([hostLink(run), hostKeyOf(run)]).toEqual(['unreached', null]);
    stubPlatform({ [host]: isHost });
    await settleHostLink(run);
    expect([hostLink(run), hostKeyOf(run)]).toEqual(['taken', key]);
  });

  it('loses its key to this browser’s memory, and keeps all else', () => {
    location.hash = `#/runs/${run}?name=Ada&host=${key}`;
    takeKeyFromAddress();
    expect(location.hash).toBe(`#/runs/${run}?name=Ada`);
    expect(sessionStorage.getItem(`homeroom:offered-host-key:${run}`)).toBe(JSON.stringify(key));
  });

  it('is read from its text', () => {
    expect(parseRunLink(`http://class.example${hostPage(run, key)}`)).toEqual({
      ...{ origin: 'http://class.example', run, hostKey: key },
    });
  });
});

it('a key that is typed is told to be right or wrong before it is kept', async () => {
  stubPlatform({ [host]: isNobody });
  expect(await checkHostKey(run, other)).toBe('wrong');
  const heard = stubPlatform({ [host]: isHost });
  expect(await checkHostKey(run, key)).toBe('host');
  expect(heard).toMatchObject([{ path: host, key: `Bearer ${key}` }]);
});

describe('the origin by which others join', () => {
  const page = (url: string) => new URL(url);
  const lan = { inviteOrigin: 'http://192.168.1.20:8787' };

  it.each([
    ['http://localhost:8787', lan, 'http://192.168.1.20:8787'],
    ['http://127.0.0.1:8787', lan, 'http://192.168.1.20:8787'],
    ['http://[::1]:8787', lan, 'http://192.168.1.20:8787'],
    ['http://pi.local:8787', lan, 'http://pi.local:8787'],
    ['http://localhost:8787', {}, 'http://localhost:8787'],
    ['http://localhost:8787', { inviteOrigin: 'http://127.0.0.1:8787' }, 'http://localhost:8787'],
  ])('of a page at %s', (origin, facts, expected) => {
    expect(inviteOriginOf(facts, page(origin))).toBe(expected);
  });

  it.each([
    [`http://localhost:8787/#/runs/${run}`, `http://127.0.0.1:8787/#/runs/${run}`],
    [`http://127.0.0.1:8787/?a=1#/runs/${run}?name=Ada`, `http://localhost:8787/?a=1#/runs/${run}?name=Ada`],
    [`http://[::1]:8787/#/runs/${run}`, `http://localhost:8787/#/runs/${run}`],
    [`http://192.168.1.20:8787/#/runs/${run}`, null],
    [`https://class.example/#/runs/${run}`, null],
  ])('%s, by this computer’s other name', (url, expected) => {
    expect(otherNameOf(page(url))).toBe(expected);
  });

  it('is told from one that only this computer knows', () => {
    expect(isForThisComputer('http://localhost:8787')).toBe(true);
    expect(isForThisComputer('http://192.168.1.20:8787')).toBe(false);
  });
});
