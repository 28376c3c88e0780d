import { expect, test } from 'vitest';
import { shardsAhead } from '../../../client/volunteer/fetch-ahead.ts';
import { activeMs } from '../../../shared/federation/volunteer/active-volunteers.ts';
import type { EventBody, RunEvent } from '../../../shared/protocol/events.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { applyEvent, emptyView } from '../../../shared/view/apply-event.ts';
import { smallConfig } from '../federation/small-run.ts';

const config = smallConfig({ rounds: 10 });
const NOW = 1_000_000;

/** A run in which so many joined, one after the other, ever since `at`. */
const viewOf = (volunteers: number, at = NOW): RunView =>
  Array.from(
    { length: volunteers },
    (_, i): EventBody => ({
      type: 'volunteer-joined',
      volunteer: `volunteer${i}`,
      name: 'Ada',
      backend: 'wasm',
      referee: false,
    }),
  )
    .map((event, i): RunEvent => ({ seq: i + 1, at, event }))
    .reduce(applyEvent, emptyView());

const published = (round: number, updates: { student?: number; teacher: number }) => ({
  type: 'version-published' as const,
  version: round,
  round,
  updates,
  segments: { 'segment-1': ['s1'], 'head-1': ['h1'], 'segment-2': ['s2'] },
});

test('the turn of the next round says whose shards are fetched', () => {
  const view = viewOf(2);
  const event = published(1, { student: 1, teacher: 1 });
  // In round 2 volunteer 0 is the student, who needs no teacher where nothing is distilled.
  expect(shardsAhead(config, view, event, NOW, 'volunteer0')).toEqual(['s1', 'h1']);
  expect(shardsAhead(config, view, event, NOW, 'volunteer1')).toEqual(['s1', 's2']);
});

test('a segment that did not change is not fetched', () => {
  const { segments: _, ...event } = published(7, { teacher: 2 });
  const segments = { 'segment-2': ['s2'] };
  expect(shardsAhead(config, viewOf(2), { ...event, segments }, NOW, 'volunteer0')).toEqual(['s2']);
});

test('in a crowd of which some are wanted nothing is fetched without a lease', () => {
  const event = published(1, { student: 1, teacher: 1 });
  expect(shardsAhead(config, viewOf(3), event, NOW, 'volunteer0')).toEqual([]);
  // Two have gone.
  const earlier = viewOf(3, NOW - activeMs(config.spec));
  const here = { ...earlier.volunteers, volunteer0: { ...viewOf(1).volunteers.volunteer0, seenAt: NOW } };
  const view = { ...earlier, volunteers: here } as RunView;
  expect(shardsAhead(config, view, event, NOW, 'volunteer0')).toEqual(['s1', 'h1']);
});

test('whoever the platform counts on is one of the crowd', () => {
  const policy = { leaseMs: 100_000 };
  const event = published(1, { student: 1, teacher: 1 });
  const view = viewOf(3, NOW - 70_000);
  expect(shardsAhead(smallConfig({ rounds: 10, policy }), view, event, NOW, 'volunteer0')).toEqual([]);
});

test('whose turn it is goes by the joining, in whatever order the view lists who is there', () => {
  const { volunteers, ...view } = viewOf(2);
  const listed = { ...view, volunteers: Object.fromEntries(Object.entries(volunteers).reverse()) };
  const event = published(1, { student: 1, teacher: 1 });
  expect(shardsAhead(config, listed, event, NOW, 'volunteer0')).toEqual(['s1', 'h1']);
});

test('nothing is fetched for who joined before the view told the order', () => {
  const { volunteer0, ...others } = viewOf(2).volunteers;
  if (!volunteer0) throw new Error('nobody joined');
  const view = { ...viewOf(2), volunteers: { volunteer0: { ...volunteer0, index: null }, ...others } };
  const event = published(1, { student: 1, teacher: 1 });
  expect(shardsAhead(config, view, event, NOW, 'volunteer0')).toEqual([]);
});

test('nothing is fetched after the last round, nor by somebody the run does not know', () => {
  expect(shardsAhead(config, viewOf(2), published(10, { teacher: 2 }), NOW, 'volunteer0')).toEqual([]);
  expect(shardsAhead(config, viewOf(2), published(1, { teacher: 2 }), NOW, 'stranger')).toEqual([]);
});
