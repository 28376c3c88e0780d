import { describe, expect, it } from 'vitest';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import { type ModelOutline, segmentById } from '../../../shared/protocol/model-outline.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { codecSamples } from '../codec/codec-samples.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline } from '../plan/outlines.ts';

const VERSIONS = 5;
const policy = { updatesPerRound: 4, evaluators: 'referees' } as const;
const matched = (last: number) => ({
  difference: null,
  matched: { first: 1, last },
  newest: last,
  sweptTo: 0,
});

/** Each average has the tensors of the segment that it follows, as networks of the zoo have. */
const withAverages = (outline: ModelOutline): ModelOutline => ({
  ...outline,
  segments: outline.segments.map(segment =>
    segment.kind === 'average'
      ? { ...segment, tensors: segmentById(outline, segment.of ?? '').tensors }
      : segment,
  ),
});

async function played(run: ArchivedRun, memories: readonly number[] = [0, 0, 0, 0]): Promise<ArchivedRun> {
  for (const [i, memoryMB] of memories.entries()) run.join(`volunteer${i}`, memoryMB);
  await run.train(VERSIONS);
  return run;
}

describe.each(aggregationNames)('with %s', aggregation => {
  const plans = planNames.flatMap(name => [2, 3].map(segments => ({ name, segments })));

  it.each(plans)('the plan $name on $segments segments replays equal', async ({ name, segments }) => {
    const model = withAverages(chainOutline(segments, { averages: name === 'momentum-auxiliary' }));
    const spec = smallSpec({ plan: { name }, rounds: 3 * segments, policy, aggregation });
    const run = await played(new ArchivedRun({ spec, model }));
    expect(await replayRun(run.ports)).toMatchObject(matched(VERSIONS));
  });

  it.each(codecSamples)('codec %j replays equal', async codec => {
    const model = createTinyModel([3, 10], { hasNorm: true, frozen: ['s1/bias'] }).outline;
    const spec = smallSpec({ codec, rounds: 9, policy, aggregation });
    const run = await played(new ArchivedRun({ spec, model }));
    expect(await replayRun(run.ports)).toMatchObject(matched(VERSIONS));
  });
});

const special = [
  ['[PUB7] sums that light roles hand on', { name: 'depth-federated' }],
  ['[PUB8] corrected drift', { name: 'depth-federated', correction: 0.5 }],
  ['[PUB7] nested slices of the channels', { name: 'sub-networks', slices: 3 }],
  ['shares of the channels', { name: 'sub-networks', slicing: 'disjoint', slices: 3 }],
  ['roles in turns', { name: 'layer-to-layer', turns: 'alternate' }],
] as const;

it.each(special)('%s replay equal', async (_, plan) => {
  const model = chainOutline(3);
  const spec = smallSpec({ plan, rounds: 9, policy, aggregation: 'mean' });
  // Two devices have room for the lightest task only.
  const run = await played(new ArchivedRun({ spec, model }), [0, 0.02, 0, 0.02]);
  const { updates } = await replayRun(run.ports);
  expect(await replayRun(run.ports)).toMatchObject(matched(VERSIONS));
  expect(updates).toBe(run.entries('update-accepted').length);
});

it('updates that come late, whether they count or not, replay equal', async () => {
  const slow = { ...policy, leaseMs: 60_000, roundMs: 20_000 };
  const run = new ArchivedRun({ spec: smallSpec({ rounds: 9, policy: slow }), model: chainOutline(2) });
  run.late.set('volunteer1', 1).set('volunteer2', 25).set('volunteer3', 50);
  await played(run);
  const { difference, matched: range } = await replayRun(run.ports);
  expect({ difference, range }).toEqual({ difference: null, range: { first: 1, last: VERSIONS } });
  const late = run.ledger.filter(
    ({ event }) =>
      event.type === 'update-refused' || (event.type === 'update-accepted' && 'countsIn' in event),
  );
  expect(late.length).toBeGreaterThan(0);
});

it('a segment of several shards, with statistics, frozen tensors and an average of it, replays equal', async () => {
  const tiny = createTinyModel([700, 720], { decay: 0.5 });
  const spec = smallSpec({ plan: { name: 'momentum-auxiliary' }, rounds: 9, policy });
  const run = new ArchivedRun({ spec, model: tiny.outline });
  for (const name of ['volunteer0', 'volunteer1']) run.join(name);
  await run.train(2);
  expect(await replayRun(run.ports)).toMatchObject(matched(2));
});

it('[PUB8] a version that corrects drift is made by the examples of all volunteers that the ledger tells', async () => {
  const plan = { name: 'depth-federated', correction: 0.5 } as const;
  const spec = smallSpec({ plan, rounds: 9, policy, aggregation: 'mean' });
  const run = await played(new ArchivedRun({ spec, model: chainOutline(2) }));
  const tell = (changed: (n: number) => number | null): void => {
    run.ledger = run.ledger.map(entry => {
      if (entry.event.type !== 'version-published' || entry.event.version !== 2) return entry;
      const { allExamples = {}, ...event } = entry.event;
      const told = Object.entries(allExamples).flatMap(([id, n]) => {
        const count = changed(n);
        return count === null ? [] : [[id, count] as const];
      });
      return {
        ...entry,
        event: { ...event, ...(told.length > 0 && { allExamples: Object.fromEntries(told) }) },
      };
    });
  };
  // Four volunteers with leases of ten examples.
  tell(n => {
    expect(n).toBe(40);
    return 50;
  });
  expect((await replayRun(run.ports)).difference).toMatchObject({ version: 2, of: 'shard' });
  tell(() => null);
  await expect(replayRun(run.ports)).rejects.toThrow(/version 2 corrects drift, and an older release/);
});
