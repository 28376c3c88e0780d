import { expect, test } from 'vitest';
import { shardsAhead } from '../../../client/volunteer/fetch-ahead.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { smallConfig } from '../federation/small-run.ts';

const config = smallConfig({ rounds: 10 });
const limits = { downloadMB: 1 };

const segmentOf = (version: number, sha256: string) => ({ version, shards: [{ sha256, bytes: 1 }] });

const manifestOf = (version: number, changed = version): Manifest => ({
  version,
  segments: {
    'segment-1': segmentOf(changed, 's1'),
    'head-1': segmentOf(changed, 'h1'),
    'segment-2': segmentOf(version, 's2'),
  },
});

test('the turn of the next round says whose shards are fetched', () => {
  // In round 2 volunteer 0 is the student, who needs no teacher where nothing is distilled.
  expect(shardsAhead(config, manifestOf(1), 0, limits)).toEqual(['s1', 'h1']);
  expect(shardsAhead(config, manifestOf(1), 1, limits)).toEqual(['s1', 's2']);
  // In round 3 they have changed places.
  expect(shardsAhead(config, manifestOf(2), 0, limits)).toEqual(['s1', 's2']);
  expect(shardsAhead(config, manifestOf(2), 1, limits)).toEqual(['s1', 'h1']);
});

test('a segment that did not change is not fetched', () => {
  expect(shardsAhead(config, manifestOf(7, 6), 0, limits)).toEqual(['s2']);
});

test('nothing is fetched after the last round', () => {
  expect(shardsAhead(config, manifestOf(10), 0, limits)).toEqual([]);
});

test('[WORK1] nothing is fetched if it is more than a lease may ask for', () => {
  expect(shardsAhead(config, manifestOf(2), 0, { downloadMB: 2 / 1e6 })).toEqual(['s1', 's2']);
  expect(shardsAhead(config, manifestOf(2), 0, { downloadMB: 1 / 1e6 })).toEqual([]);
});
