import { expect, it } from 'vitest';
import {
  describeAccuracy,
  describePhase,
  describeProgress,
} from '../../../client/headless/terminal/describe-run.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';

const view = (change: object) => ({ ...emptyView(), ...change });
const tested = { version: 2, accuracy: 0.922, at: 1_000 };
const listing = {
  ...{ run: 'run1234567', name: 'tiny', model: 'tiny', plan: 'conventional', dataset: 'glyphs' },
  ...{ phase: 'finished', round: 5, rounds: 20, accuracy: 0.922, createdAt: 1 },
  ...{ openedAt: 1, finishedAt: 2, archived: false, here: null },
};

it('names the version of an accuracy that is not of the newest one', () => {
  expect(describeAccuracy(view({ version: 4, tested }))).toBe('92.2 % (version 2)');
  expect(describeAccuracy(view({ version: 2, tested }))).toBe('92.2 %');
  expect(describeAccuracy({ ...listing, phase: 'open', version: 4, tested })).toBe('92.2 % (version 2)');
  // What an older version came to is not what a finished run came to.
  expect(describeAccuracy({ ...listing, version: 4, tested })).toBe('not tested (version 2 reached 92.2 %)');
  const unsure = { ...tested, unconfirmed: true as const };
  expect(describeAccuracy(view({ version: 2, tested: unsure }))).toBe('92.2 %, not confirmed');
});

it('says that nothing trained was tested, whatever version 0 came to', () => {
  const untrained = { version: 0, accuracy: 0.1, at: 1 };
  expect(describeAccuracy(view({ phase: 'open', version: 3, untrained }))).toBe('not tested yet');
  expect(describeAccuracy(view({ phase: 'finished', version: 3, untrained }))).toBe('not tested');
  expect(describeAccuracy({ ...listing, version: 4, tested: null })).toBe('not tested');
});

it('shows what an older platform says, which names no version', () => {
  expect(describeAccuracy(listing)).toBe('92.2 %');
});

it('tells the round in work, and at the end how many are done', () => {
  expect(describeProgress(view({ phase: 'open', version: 4 }), 20)).toBe('round 5 of 20');
  const ended = { ...listing, version: 4, tested };
  expect(describeProgress(ended, 20)).toBe('4 of 20 rounds done');
  expect(describePhase(ended)).toBe('finished');
  const closing = { why: 'host' as const, since: 1 };
  expect(describePhase(view({ phase: 'open', closing }))).toBe('testing the last version');
});
