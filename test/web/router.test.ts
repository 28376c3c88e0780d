import { waitFor } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { answerOffer, judgingKeyOf, offeredKeyOf } from '../../client/web/state/referee-keys.ts';
import {
  followAddress,
  goTo,
  parseRoute,
  readRunLink,
  route,
  runHref,
} from '../../client/web/state/router.ts';

describe('an address', () => {
  it.each([
    ['', 'home'],
    ['#/', 'home'],
    ['#/new', 'new'],
    ['#/new/more', 'unknown'],
    ['#/data', 'data'],
    ['#/data/more', 'unknown'],
    ['#/check', 'check'],
    ['#/check/more', 'unknown'],
    ['#/trust', 'trust'],
    ['#/trust/more', 'unknown'],
    ['#/runs', 'unknown'],
    ['#/runs/abc123defg/more', 'unknown'],
    ['#/elsewhere', 'unknown'],
  ])('%j is the page %s', (hash, page) => {
    expect(parseRoute(hash).page).toBe(page);
  });

  it('of a run carries its query inside the hash', () => {
    const now = parseRoute('#/runs/abc123defg?backend=wasm&name=Ada');
    expect(now).toMatchObject({ page: 'run', run: 'abc123defg' });
    expect(now.page === 'run' && Object.fromEntries(now.query)).toEqual({ backend: 'wasm', name: 'Ada' });
  });

  it('is followed when it changes', async () => {
    followAddress();
    goTo(runHref('abc123defg'));
    await waitFor(() => expect(route.value).toMatchObject({ page: 'run', run: 'abc123defg' }));
  });
});

describe('a referee’s link', () => {
  it('leaves its key in this browser and not in the address, with all else as it was', async () => {
    followAddress();
    goTo(`#/runs/abc123defg?name=Ada&key=${'a'.repeat(64)}&join=1`);
    await waitFor(() => expect(location.hash).toBe('#/runs/abc123defg?name=Ada&join=1'));
    expect(judgingKeyOf('abc123defg')).toBe('a'.repeat(64));
    expect(judgingKeyOf('other12345')).toBeNull();
    expect(route.value.page === 'run' && Object.fromEntries(route.value.query)).toEqual({
      ...{ name: 'Ada', join: '1' },
    });
  });
});

describe('a referee’s link that somebody else wrote', () => {
  const [mine, other] = ['a'.repeat(64), 'b'.repeat(64)];

  it.each([
    ['replaces no key that is here', null, mine],
    ['is kept out if so its user wishes', false, mine],
    ['is taken if so its user wishes', true, other],
  ])('%s', async (_, isTaken, joinedWith) => {
    followAddress();
    goTo(`#/runs/abc123defg?key=${mine}`);
    await waitFor(() => expect(judgingKeyOf('abc123defg')).toBe(mine));
    goTo(`#/runs/abc123defg?key=${mine}&name=Ada`);
    await waitFor(() => expect(location.hash).toBe('#/runs/abc123defg?name=Ada'));
    expect(offeredKeyOf('abc123defg')).toBeNull();
    goTo(`#/runs/abc123defg?key=${other}`);
    await waitFor(() => expect(location.hash).toBe('#/runs/abc123defg'));
    expect(offeredKeyOf('abc123defg')).toBe(other);
    if (isTaken !== null) answerOffer('abc123defg', isTaken);
    expect(judgingKeyOf('abc123defg')).toBe(joinedWith);
    expect(offeredKeyOf('abc123defg')).toBe(isTaken === null ? other : null);
  });
});

describe('a pasted text', () => {
  it.each([
    ['abc123defg', 'abc123defg'],
    ['  abc123defg ', 'abc123defg'],
    ['http://localhost:8787/#/runs/abc123defg', 'abc123defg'],
    ['https://homeroom.example/#/runs/abc123defg?join=1', 'abc123defg'],
    ['https://homeroom.example/#/new', null],
    ['my run', null],
    ['', null],
  ])('%j means the run %j', (text, run) => {
    expect(readRunLink(text)).toBe(run);
  });
});
