import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import { type ModelOutline, segmentById } from '../../../shared/protocol/model-outline.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { isEverything } from '../../support/extent.ts';
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

async function played(
  run: ArchivedRun,
  memories: readonly number[] = [0, 0, 0, 0],
  versions = VERSIONS,
): Promise<ArchivedRun> {
  // Such a run counts on a referee, and every update is compared with its own.
  if (run.config.spec.aggregation === 'fltrust') run.join('referee', 0, true);
  for (const [i, memoryMB] of memories.entries()) run.join(`volunteer${i}`, memoryMB);
  await run.train(versions);
  return run;
}

/** Rules that weigh in one pass are tried with everything; those that compare with some, since they fold alike. */
const kinds = {
  all: ['mean', 'clipped-mean'],
  some: ['trimmed-mean', 'median', 'geometric-median', 'multi-krum', 'fltrust'],
} as const;
const rootOf = (aggregation: string) => (aggregation === 'fltrust' ? { root: { parts: 1 } } : {});
const allPlans = planNames.flatMap(name => [2, 3].map(segments => ({ name, segments })));
const somePlans = allPlans.filter(
  ({ name, segments }) =>
    isEverything || (segments === 3 && ['layer-to-layer', 'sub-networks'].includes(name)),
);
const someCodecs = codecSamples.filter(({ name }) => isEverything || name !== 'f32');
const tried = [
  ...kinds.all.map(aggregation => ({ aggregation, plans: allPlans, codecs: codecSamples })),
  ...kinds.some.map(aggregation => ({ aggregation, plans: somePlans, codecs: someCodecs.slice(0, 2) })),
];

describe.each(tried)('with $aggregation', ({ aggregation, plans, codecs }) => {
  it.each(plans)('the plan $name on $segments segments replays equal', async ({ name, segments }) => {
    const model = withAverages(chainOutline(segments, { averages: name === 'momentum-auxiliary' }));
    const spec = smallSpec({
      plan: { name },
      rounds: 3 * segments,
      policy,
      aggregation,
      ...rootOf(aggregation),
    });
    const run = await played(new ArchivedRun({ spec, model }));
    expect(await replayRun(run.ports)).toMatchObject(matched(VERSIONS));
  });

  it.each(codecs)('codec %j replays equal', async codec => {
    const model = createTinyModel([3, 10], { hasNorm: true, frozen: ['s1/bias'] }).outline;
    const spec = smallSpec({ codec, rounds: 9, policy, aggregation, ...rootOf(aggregation) });
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
const specialOf = ([...kinds.all, ...kinds.some] as const).flatMap(aggregation =>
  special.map(([name, plan]) => ({ name, plan, aggregation })),
);

it.each(specialOf)('$name by $aggregation replay equal', async ({ plan, aggregation }) => {
  const model = chainOutline(3);
  const spec = smallSpec({
    plan,
    rounds: 9,
    policy: { ...policy, updatesPerRound: 8 },
    aggregation,
    ...rootOf(aggregation),
  });
  // Two devices have room for the lightest task only.
  const run = await played(new ArchivedRun({ spec, model }), [0, 0.02, 0, 0.02]);
  const { updates } = await replayRun(run.ports);
  expect(await replayRun(run.ports)).toMatchObject(matched(VERSIONS));
  const counted = ({ event }: RunEvent): boolean => event.type === 'update-accepted' && !event.root;
  expect(updates).toBe(run.entries('update-accepted').filter(counted).length);
});

describe.each([...kinds.all, ...kinds.some])('late updates with %s', aggregation => {
  const late = async (rounds: 'buffered' | 'synchronous'): Promise<ArchivedRun> => {
    const spec = smallSpec({
      rounds: 30,
      policy: { ...policy, rounds },
      aggregation,
      ...rootOf(aggregation),
    });
    const run = new ArchivedRun({ spec, model: chainOutline(2) });
    run.late.set('volunteer1', 1).set('volunteer2', 9).set('volunteer3', 40);
    await played(run, [0, 0, 0, 0], 25);
    return run;
  };
  const reasons = (run: ArchivedRun): string[] =>
    run.ledger.flatMap(({ event }) => (event.type === 'update-refused' ? [event.reason] : []));
  const countLater = ({ event }: RunEvent): boolean =>
    event.type === 'update-accepted' && event.countsIn !== undefined;

  it('[ROUND6] [ROUND7] replay equal if some of them count in a later round, and weigh less there', async () => {
    const run = await late('buffered');
    expect(await replayRun(run.ports)).toMatchObject(matched(25));
    expect(run.ledger.filter(countLater).length).toBeGreaterThan(0);
    expect(reasons(run)).toContain('stale');
  });

  it('replay equal if none of them counts', async () => {
    const run = await late('synchronous');
    expect(await replayRun(run.ports)).toMatchObject(matched(25));
    expect(run.ledger.some(countLater)).toBe(false);
    expect(reasons(run)).toContain('stale');
  });

  it('are found out if the ledger counts one in another round', async () => {
    const run = await late('buffered');
    const entry = run.ledger.find(countLater);
    if (entry?.event.type !== 'update-accepted') throw new Error('no late update');
    const { role, lease, countsIn = 0 } = entry.event;
    entry.event = { ...entry.event, countsIn: countsIn + 1 };
    expect((await replayRun(run.ports)).difference).toMatchObject({
      version: countsIn,
      of: 'update',
      role,
      lease,
    });
  });

  it('[ROUND7] are found out if the ledger has another round of a lease, which would weigh it otherwise', async () => {
    const run = await late('buffered');
    const accepted = run.ledger.find(countLater)?.event;
    if (accepted?.type !== 'update-accepted') throw new Error('no late update');
    const { role, lease, countsIn = 0 } = accepted;
    for (const entry of run.ledger)
      if (entry.event.type === 'lease-granted' && entry.event.lease === lease)
        entry.event = { ...entry.event, round: countsIn };
    const difference = { version: countsIn, of: 'ledger', role, lease };
    expect((await replayRun(run.ports)).difference).toMatchObject(difference);
  });
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
