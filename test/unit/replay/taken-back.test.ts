import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../../shared/aggregation/rules.ts';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import { replayRun } from '../../../shared/replay/replay-run.ts';
import { ArchivedRun } from '../../support/archived-run.ts';
import { smallSpec } from '../federation/small-run.ts';
import { chainOutline } from '../plan/outlines.ts';

const policy = { updatesPerRound: 4, evaluators: 'referees' } as const;

const joined = (run: ArchivedRun): ArchivedRun => {
  for (let i = 0; i < 4; i++) run.join(`volunteer${i}`);
  return run;
};

const plans = [
  { name: 'conventional' },
  { name: 'layer-to-layer', turns: 'alternate' },
  { name: 'depth-federated', correction: 0.5 },
] as const;

describe.each(aggregationNames)('a run with %s that was taken back', aggregation => {
  it.each(plans)('[BACK2] [BACK4] replays equal with the plan %o', async plan => {
    const spec = smallSpec({ plan, rounds: 20, policy, aggregation });
    const run = joined(new ArchivedRun({ spec, model: chainOutline(3) }));
    await run.train(5);
    run.takeBack(2);
    await run.train(9);
    run.takeBack(8);
    await run.train(12);
    expect(run.manifests.get(6)?.segments).toEqual(run.manifests.get(2)?.segments);
    const { difference, matched } = await replayRun(run.ports);
    expect(difference).toBeNull();
    expect(matched).toEqual({ first: 1, last: 12 });
  });

  it('[BACK3] replays equal though updates were late when it was', async () => {
    const spec = smallSpec({ rounds: 30, policy: { ...policy, updatesPerRound: 2 }, aggregation });
    const run = joined(new ArchivedRun({ spec, model: chainOutline(2) }));
    run.late.set('volunteer2', 3);
    run.late.set('volunteer3', 2);
    for (const [version, to] of [
      [4, 1],
      [8, 6],
      [11, 9],
    ] as const) {
      await run.train(version);
      run.takeBack(to);
    }
    await run.train(16);
    const refused = run
      .entries('update-refused')
      .map(({ event }) => event.type === 'update-refused' && event.reason);
    expect(refused).toContain('taken-back');
    expect(await replayRun(run.ports)).toMatchObject({ difference: null, matched: { first: 1, last: 16 } });
  });

  it('[SWEEP2] replays equal from the rounds on that are kept', async () => {
    const spec = smallSpec({
      ...{ plan: { name: 'conventional' }, rounds: 40, aggregation },
      policy: { ...policy, keepRounds: 6, maxStaleness: 0 },
    });
    const run = joined(new ArchivedRun({ spec, model: chainOutline(2) }));
    await run.train(9);
    run.takeBack(3);
    await run.train(24);
    sweepBefore(run, 10);
    // What the rule remembered after version 3 is told nowhere any more, so it has to learn anew from round 11 on.
    const { memoryRounds } = ruleOf(spec);
    const first = memoryRounds === 0 ? 10 : 11 + memoryRounds;
    expect(await replayRun(run.ports)).toMatchObject({ difference: null, matched: { first, last: 24 } });
  });
});

it('[BACK4] a run of an older release replays equal, though its rule begins anew when it is taken back', async () => {
  const robust = { clip: 'three-rounds' } as const;
  const spec = smallSpec({ rounds: 20, policy, aggregation: 'clipped-mean', robust });
  const run = joined(new ArchivedRun({ spec, model: chainOutline(2) }));
  await run.train(5);
  run.takeBack(3);
  await run.train(10);
  expect(await replayRun(run.ports)).toMatchObject({ difference: null, matched: { first: 1, last: 10 } });
});

/** As a platform does that keeps the rounds from this one on: of older ones only versions are told. */
function sweepBefore(run: ArchivedRun, round: number): void {
  const published = ({ event }: RunEvent): boolean => event.type === 'version-published';
  const at = run.ledger.findIndex(
    entry =>
      published(entry) && entry.event.type === 'version-published' && entry.event.version === round - 1,
  );
  run.first = at + 2;
  run.ledger = run.ledger.filter((entry, i) => i > at || published(entry));
}

it('[BACK2] finds a version that has not the weights which the ledger says', async () => {
  const spec = smallSpec({ plan: { name: 'conventional' }, rounds: 20, policy });
  const run = joined(new ArchivedRun({ spec, model: chainOutline(2) }));
  await run.train(4);
  run.takeBack(2);
  await run.train(6);
  const [entry] = run
    .entries('version-published')
    .filter(({ event }) => event.type === 'version-published' && event.weightsOf !== undefined);
  if (entry?.event.type !== 'version-published') throw new Error('no version is of an older one');
  entry.event.weightsOf = 1;
  const { difference } = await replayRun(run.ports);
  expect(difference).toMatchObject({ version: 5, of: 'manifest', expected: 'weights of version 1' });
});
