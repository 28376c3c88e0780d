import { beforeEach, describe, expect, it } from 'vitest';
import type { AggregationName } from '../../../shared/protocol/aggregation-spec.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { roundsOfLedgerBefore } from '../../../shared/replay/ledger-reach.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { smallConfig } from '../federation/small-run.ts';

const NEWEST = 12;

/** The clip of an older release, whose memory is shorter than this run. */
const robust = { clip: 'three-rounds' } as const;

async function played(
  aggregation: AggregationName,
  more: RunSpecInput['policy'] = { keepRounds: 5 },
  late = 0,
  settings: RunSpecInput['robust'] = {},
): Promise<ArchivedRun> {
  const policy = { updatesPerRound: 4, maxStaleness: 4, evaluators: 'referees', ...more } as const;
  // A new role begins after round 8, whose rule remembers nothing of the others.
  const plan = { name: 'layer-to-layer', freezeAt: 0.5 } as const;
  const run = new ArchivedRun(smallConfig({ rounds: 16, policy, plan, aggregation, robust: settings }));
  for (let i = 0; i < 4; i++) run.join(`volunteer${i}`);
  await run.train(3);
  run.late.set('volunteer3', late);
  await run.train(NEWEST);
  return run;
}

/** Lets go of the updates of these rounds and of older ones. */
function sweepArchive(run: ArchivedRun, round: number): void {
  for (const key of run.archive.keys()) if (Number(key.split('/')[1]) <= round) run.archive.delete(key);
}

/** Lets go of the ledger's entries up to the one that this version is out, but for those of versions. */
function sweepLedger(run: ArchivedRun, version: number): void {
  const place = run.ledger.findIndex(
    ({ event }) => event.type === 'version-published' && event.version === version,
  );
  run.first = (run.ledger[place]?.seq ?? 0) + 1;
  run.ledger = run.ledger.filter(({ seq, event }) => seq >= run.first || event.type === 'version-published');
}

describe('of a run whose old updates were swept', () => {
  let run: ArchivedRun;
  beforeEach(async () => {
    run = await played('clipped-mean');
  });

  it('the versions whose updates are kept are recomputed, and the others are told', async () => {
    sweepArchive(run, 7);
    expect(await replayRun(run.ports)).toMatchObject({
      ...{ matched: { first: 8, last: 12 }, difference: null, sweptTo: 7, newest: 12 },
    });
  });

  it('more are recomputed if more are still there', async () => {
    sweepArchive(run, 3);
    expect(await replayRun(run.ports)).toMatchObject({ matched: { first: 4, last: 12 }, sweptTo: 3 });
  });

  it('[SWEEP3] the version that the first kept round began with is missed', async () => {
    sweepArchive(run, 7);
    run.manifests.delete(7);
    const { difference } = await replayRun(run.ports);
    expect(difference).toMatchObject({ version: 7, of: 'manifest', found: 'none' });
  });

  it('an update that must be kept still is missed', async () => {
    sweepArchive(run, 9);
    const { difference, sweptTo } = await replayRun(run.ports);
    expect(sweptTo).toBe(7);
    expect(difference).toMatchObject({ version: 8, of: 'update', found: 'none' });
  });

  it('what is swept while it is recomputed is no difference', async () => {
    sweepArchive(run, 9);
    const newest = run.manifests.get(12);
    if (newest) run.manifests.set(13, { ...newest, version: 13 });
    await expect(replayRun(run.ports)).rejects.toThrow('swept while it was recomputed');
  });

  it('a newest version that is not archived yet is none either, for a minute', async () => {
    const at = run.ledger.findLast(({ event }) => event.type === 'version-published')?.at ?? 0;
    run.archive.delete('teacher/12');
    expect(await replayRun(run.ports, { now: at + 59_000 })).toMatchObject({
      ...{ matched: { first: 1, last: 11 }, unarchived: 12, difference: null },
    });
    const missing = { version: 12, of: 'update', found: 'none' };
    expect((await replayRun(run.ports, { now: at + 60_000 })).difference).toMatchObject(missing);
    expect((await replayRun(run.ports)).difference).toMatchObject(missing);
    await expect(replayRun(run.ports, { from: 12, now: at })).rejects.toThrow('not archived yet');
    run.archive.delete('teacher/11');
    expect(await replayRun(run.ports, { now: at })).toMatchObject({ unarchived: 11, difference: null });
  });

  it('a round that is archived while it is read, with the next one, is none', async () => {
    const at = run.ledger.findLast(({ event }) => event.type === 'version-published')?.at ?? 0;
    const late = ['teacher/11', 'teacher/12'].map(key => [key, run.archive.get(key) ?? []] as const);
    for (const [key] of late) run.archive.delete(key);
    const { archives } = run.ports;
    async function* justTooEarly(...of: Parameters<typeof archives.envelopes>): AsyncIterable<Uint8Array> {
      yield* archives.envelopes(...of);
      if (of.join() === 'teacher,11') for (const [key, envelopes] of late) run.archive.set(key, envelopes);
    }
    const ports = { ...run.ports, archives: { has: archives.has, envelopes: justTooEarly } };
    expect(await replayRun(ports, { now: at })).toMatchObject({ unarchived: 11, difference: null });
  });

  it('a young version is missed if a newer one of the same role is archived', async () => {
    const at = run.ledger.findLast(({ event }) => event.type === 'version-published')?.at ?? 0;
    run.archive.delete('teacher/11');
    const { difference } = await replayRun(run.ports, { now: at });
    expect(difference).toMatchObject({ version: 11, role: 'teacher', found: 'none' });
  });

  it('what the rule remembers of swept rounds comes from the ledger', async () => {
    sweepArchive(run, 7);
    const accepted = run.ledger.findIndex(
      ({ event }) => event.type === 'update-accepted' && event.round === 7,
    );
    const entry = run.ledger[accepted];
    if (entry?.event.type !== 'update-accepted') throw new Error('no entry');
    run.ledger[accepted] = { ...entry, event: { ...entry.event, norm: entry.event.norm / 100 } };
    expect((await replayRun(run.ports)).difference).toMatchObject({ version: 8, of: 'shard' });
  });

  it('a version is compared only once its rule has seen enough rounds, if the ledger was swept too', async () => {
    run = await played('clipped-mean', { keepRounds: 5 }, 0, robust);
    sweepLedger(run, 2);
    // Leases of updates of rounds 3 to 6 may be gone. Rounds 7 to 9 are recomputed for what they leave behind.
    expect(await replayRun(run.ports)).toMatchObject({
      ...{ matched: { first: 10, last: 12 }, difference: null, sweptTo: 9 },
    });
  });
});

/** The updates that count in the first kept round of the four, and were leased as long before as can be. */
const latest = (run: ArchivedRun): { round: number; countsIn: number }[] =>
  run.ledger.flatMap(({ event }) =>
    event.type === 'update-accepted' && event.countsIn === event.round + 3
      ? [{ round: event.round, countsIn: event.countsIn }]
      : [],
  );

describe.each([
  ['mean', 'buffered', 3],
  ['mean', 'synchronous', 0],
  ['clipped-mean', 'buffered', 6],
  ['clipped-mean', 'synchronous', 3],
] as const)(
  '[SWEEP2] with %s in %s rounds the ledger is kept for %i rounds more',
  (aggregation, rounds, more) => {
    let run: ArchivedRun;
    beforeEach(async () => {
      run = await played(aggregation, { rounds, maxStaleness: 3, keepRounds: 4 }, 6, robust);
      sweepArchive(run, 8);
      expect(roundsOfLedgerBefore(run.config.spec)).toBe(more);
      expect(latest(run)).toEqual(rounds === 'buffered' ? [{ round: 6, countsIn: 9 }] : []);
    });

    it('so that every round that is kept is recomputed', async () => {
      sweepLedger(run, 8 - more);
      expect(await replayRun(run.ports)).toMatchObject({
        ...{ matched: { first: 9, last: 12 }, difference: null, sweptTo: 8 },
      });
    });

    it('and with less of it fewer are, but no difference is reported', async () => {
      sweepLedger(run, 9 - more);
      const { matched, difference, sweptTo } = await replayRun(run.ports);
      expect({ matched, difference }).toEqual({
        matched: { first: sweptTo + 1, last: 12 },
        difference: null,
      });
      expect(sweptTo).toBeGreaterThan(8);
    });
  },
);

describe('[SWEEP2] with the clip of many rounds', () => {
  const kept = 4;
  let run: ArchivedRun;
  beforeEach(async () => {
    const rounds = { rounds: 'synchronous', keepRounds: kept } as const;
    const policy = { updatesPerRound: 4, evaluators: 'referees', ...rounds } as const;
    const plan = { name: 'conventional' } as const;
    run = new ArchivedRun(smallConfig({ rounds: 30, policy, plan, aggregation: 'clipped-mean' }));
    for (let i = 0; i < 4; i++) run.join(`volunteer${i}`);
    await run.train(20);
    sweepArchive(run, 20 - kept);
  });

  it('every round that is kept is recomputed: the scale, which reaches further back, is in the ledger', async () => {
    sweepLedger(run, 20 - kept - roundsOfLedgerBefore(run.config.spec));
    expect(await replayRun(run.ports)).toMatchObject({
      ...{ matched: { first: 17, last: 20 }, difference: null, sweptTo: 16 },
    });
  });

  it('a scale that was changed is found out', async () => {
    sweepLedger(run, 20 - kept - roundsOfLedgerBefore(run.config.spec));
    const entry = run.ledger.find(({ event }) => event.type === 'version-published' && event.version === 18);
    if (entry?.event.type !== 'version-published') throw new Error('no version');
    const scale = entry.event.aggregation?.whole?.scale ?? 0;
    expect(scale).toBeGreaterThan(0);
    entry.event = { ...entry.event, aggregation: { whole: { scale: scale * 2 } } };
    expect((await replayRun(run.ports)).difference).toMatchObject({
      version: 18,
      of: 'ledger',
      role: 'whole',
    });
  });
});

describe('which versions', () => {
  let run: ArchivedRun;
  beforeEach(async () => {
    run = await played('clipped-mean');
  });

  it('may be chosen', async () => {
    expect(await replayRun(run.ports, { from: 3, to: 9 })).toMatchObject({
      ...{ matched: { first: 3, last: 9 }, difference: null, sweptTo: 0, newest: 12 },
    });
  });

  it.each([
    [{ to: 13 }, /version 13 is not out yet: the newest is version 12/],
    [{ from: 13 }, /version 13 is not out yet: the newest is version 12/],
    [{ from: 9, to: 8 }, /version 9 comes after version 8/],
  ])('%j are refused in words', async (options, words) => {
    await expect(replayRun(run.ports, options)).rejects.toThrow(words);
  });

  it('are none before the first round has ended', async () => {
    const draft = new ArchivedRun(smallConfig());
    await expect(replayRun(draft.ports)).rejects.toThrow('published no version yet');
  });

  it('is told while they are recomputed, with how far it is', async () => {
    const seen: string[] = [];
    await replayRun(run.ports, {
      to: 2,
      onProgress: ({ version, last, updates, allUpdates }) =>
        seen.push(`${version}/${last} ${updates}/${allUpdates}`),
    });
    expect(seen).toEqual([
      ...['1/2 0/4', '1/2 1/4', '1/2 2/4', '1/2 3/4', '1/2 4/4'],
      ...['2/2 0/4', '2/2 1/4', '2/2 2/4', '2/2 3/4', '2/2 4/4'],
    ]);
  });
});
