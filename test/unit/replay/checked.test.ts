import { describe, expect, it } from 'vitest';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';

const VERSIONS = 6;
const policy = { updatesPerRound: 8, evaluators: 'referees', maxDrop: 0 } as const;
const rules = aggregationNames.filter(name => name !== 'fltrust');

/** A run of eight, of whose candidates a referee finds this. */
async function checkedRun(
  judge: NonNullable<ArchivedRun['judge']>,
  aggregation: (typeof aggregationNames)[number] = 'clipped-mean',
): Promise<ArchivedRun> {
  const spec = smallSpec({
    plan: { name: 'conventional' },
    rounds: 9,
    root: { parts: 1 },
    policy,
    aggregation,
  });
  const run = new ArchivedRun({ spec, model: createTinyModel().outline });
  for (let i = 0; i < 8; i++) run.join(`volunteer${i}`);
  run.joinReferee(judge);
  await run.train(VERSIONS);
  return run;
}

/** The first candidate of every second round hurts, by its first update. */
const firstOfEach: NonNullable<ArchivedRun['judge']> = (leases, turn) =>
  turn === 1 && leases.length > 0 ? { after: 9, harmful: leases.slice(0, 1) } : { after: 0.5, harmful: [] };

const same = { difference: null, matched: { first: 1, last: VERSIONS } };

describe.each(rules)('a run with updates that were refused as harmful, by %s', aggregation => {
  it('[CHECK9] replays equal: the ledger says which updates count nowhere', async () => {
    const run = await checkedRun(firstOfEach, aggregation);
    expect(run.entries('candidate-refused').length).toBeGreaterThan(2);
    expect(await replayRun(run.ports)).toMatchObject(same);
  });
});

describe('a run whose versions are checked', () => {
  it('[CHECK8] replays equal if nothing of some rounds was taken', async () => {
    let rounds = 0;
    const run = await checkedRun(() => ({ after: ++rounds % 2 === 0 ? 9 : 0.5, harmful: [] }));
    expect(run.entries('version-published').some(({ event }) => 'taken' in event)).toBe(true);
    expect(await replayRun(run.ports)).toMatchObject(same);
  });

  it('[CHECK9] is another one if the ledger hides that an update was refused', async () => {
    const run = await checkedRun(firstOfEach);
    const [refused] = run.entries('update-refused');
    if (refused?.event.type !== 'update-refused') throw new Error('nothing was refused');
    refused.event.reason = 'stale';
    const { difference } = await replayRun(run.ports);
    expect(difference).toMatchObject({ of: 'ledger', expected: '8 updates', found: '7 updates' });
  });

  it('[CHECK9] is another one if the ledger says of an update that counts that it was refused', async () => {
    const run = await checkedRun(() => ({ after: 0.5, harmful: [] }));
    const [accepted] = run.entries('update-accepted');
    if (accepted?.event.type !== 'update-accepted') throw new Error('nothing was accepted');
    const { lease, volunteer, role } = accepted.event;
    run.told = entry =>
      entry.seq === run.entries('version-checking')[0]?.seq
        ? { ...entry, event: { type: 'update-refused', lease, volunteer, role, reason: 'harmful', bytes: 0 } }
        : entry;
    expect((await replayRun(run.ports)).difference).toMatchObject({ of: 'ledger', version: 1 });
  });

  it('[CHECK9] has what was refused in its archive, and a replay holds it to its hash', async () => {
    const run = await checkedRun(firstOfEach);
    const [envelope] = run.archive.get('whole/1') ?? [];
    expect(run.archive.get('whole/1')?.length).toBe(8);
    if (envelope) envelope[envelope.length - 40] = (envelope[envelope.length - 40] ?? 0) ^ 1;
    expect((await replayRun(run.ports)).difference).toMatchObject({ of: 'update', version: 1 });
  });
});
