import { beforeAll, describe, expect, it } from 'vitest';
import { aggregationRules } from '../../../../shared/aggregation/rules.ts';
import { Arena, type ArenaOutcome } from '../../../bench/attacks/arena/arena.ts';
import { type AttackData, loadAttackData } from '../../../bench/attacks/attack-data.ts';
import { attackNames, CLEAN } from '../../../bench/attacks/attack-table.ts';
import type { Cell } from '../../../bench/attacks/cell.ts';
import { needsReferee } from '../../../bench/attacks/cells.ts';

const CLEAN_CELL: Cell = {
  ...{ attack: CLEAN, rule: 'mean', bucket: 1, assumed: 0.3, volunteers: 4, updates: 4, hostile: 0, seed: 1 },
  ...{ partition: { kind: 'iid' }, data: 'glyphs', plan: 'layer-to-layer', referee: false, check: false },
  ...{ judges: 'volunteers', falls: false, partsFor: 'volunteer', rounds: 6 },
};

let data: AttackData;
/** If there is a referee, it judges alone. */
function run(change: Partial<Cell> = {}): Promise<ArenaOutcome> {
  const judges = change.referee ? 'referees' : 'volunteers';
  return new Arena({ ...CLEAN_CELL, judges, ...change }, data).toEnd(async () => {});
}

/** The first hundreds of the glyphs: enough to see whether a run learns. */
beforeAll(async () => {
  const { train, ...rest } = await loadAttackData('glyphs');
  const few = 800;
  const inputs = train.inputs.subarray(0, few * train.size);
  data = { ...rest, train: { ...train, inputs, labels: train.labels.subarray(0, few) } };
});

describe('an arena', () => {
  it.each(['layer-to-layer', 'conventional'] as const)('learns by %s if nobody is hostile', async plan => {
    const outcome = await run({ plan, rounds: 10 });
    expect(outcome.accuracy).toBeGreaterThan(0.5);
    expect(outcome).toMatchObject({
      ...{ ending: 'rounds', versions: 10, refusedShare: null, honestRefusedShare: 0 },
    });
  });

  it('comes to the same again from the same seed, and to another from another', async () => {
    const [once, again, other] = [await run(), await run(), await run({ seed: 2 })];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('says what an attack costs that the mean does not withstand', async () => {
    const { accuracy, refusedShare } = await run({ attack: 'sign-flip-1000', hostile: 1 });
    expect(accuracy).toBeLessThan((await run()).accuracy - 0.2);
    // An update that would be out of range is made to pass.
    expect(refusedShare).toBe(0);
  });

  it.each(['nan', 'malformed'])('takes nothing of %s, and learns all the same', async attack => {
    const { accuracy, refusedShare } = await run({ attack, hostile: 1 });
    expect(refusedShare).toBe(1);
    expect(accuracy).toBeGreaterThan((await run()).accuracy - 0.1);
  });

  it('takes an envelope once, however often it is sent', async () => {
    const { refusedShare } = await run({ attack: 'replay', hostile: 1 });
    expect(refusedShare).toBeGreaterThan(0.4);
    expect(refusedShare).toBeLessThan(1);
  });

  it('teaches the backdoor beside the task', async () => {
    const { backdoorRate } = await run({ attack: 'backdoor', hostile: 1, rounds: 10 });
    expect((await run({ rounds: 10 })).backdoorRate).toBeLessThan(0.3);
    expect(backdoorRate).toBeGreaterThan(0.7);
  });

  it('does not end as judges say who collude, with a referee or without', async () => {
    const judges = { attack: 'colluding-judges', volunteers: 10, updates: 10, hostile: 4, seed: 3 };
    expect(await run({ ...judges, rounds: 10 })).toMatchObject({ ending: 'rounds' });
    expect(await run({ ...judges, rounds: 10, referee: true })).toMatchObject({ ending: 'rounds' });
  });

  it.each(Object.keys(aggregationRules))(
    'learns by %s, whose updates are drawn together or not',
    async rule => {
      const crowd = { rule, volunteers: 10, updates: 10, plan: 'conventional', rounds: 8 } as const;
      const referee = needsReferee(rule);
      expect((await run({ ...crowd, referee })).accuracy).toBeGreaterThan(0.3);
      if (rule !== 'mean')
        expect((await run({ ...crowd, referee, bucket: 2 })).accuracy).toBeGreaterThan(0.3);
    },
  );

  it('gives fltrust the update of its referee, so that a majority does not turn it around', async () => {
    const crowd = { plan: 'conventional', attack: 'sign-flip-10', hostile: 3, rounds: 8 } as const;
    const { accuracy } = await run({ ...crowd, rule: 'fltrust', referee: true });
    expect(accuracy).toBeGreaterThan(0.5);
    expect((await run({ ...crowd, rule: 'mean' })).accuracy).toBeLessThan(0.3);
  });

  it('has a referee check what a round makes, and refuses what makes it worse', async () => {
    const one = { ...{ attack: 'sign-flip-1000', hostile: 1, seed: 3, rounds: 10 }, referee: true };
    const [checked, unchecked] = [await run({ ...one, check: true }), await run(one)];
    expect(unchecked.refusedShare).toBe(0);
    expect(checked.refusedShare).toBeGreaterThan(0.2);
    expect(checked.honestRefusedShare).toBe(0);
    expect(checked.accuracy).toBeGreaterThan(unchecked.accuracy + 0.1);
  });

  it('refuses nobody if all are honest, though a referee checks', async () => {
    const outcome = await run({ referee: true, check: true });
    expect(outcome).toMatchObject({ honestRefusedShare: 0, untaken: 0, versions: 6 });
  });

  it('takes no update from judges who do not train', async () => {
    const judges = { attack: 'idle-judges', volunteers: 10, updates: 4, hostile: 4, referee: true };
    // With a referee nobody else judges, so they send nothing at all.
    expect(await run(judges)).toMatchObject({ ending: 'rounds', refusedShare: null });
  });

  it.each(['volunteer', 'anyone'] as const)('learns from parts that are for %s', async partsFor => {
    const crowd = { partsFor, volunteers: 5, updates: 5, rounds: 10 };
    expect((await run(crowd)).accuracy).toBeGreaterThan(0.5);
    expect((await run({ ...crowd, attack: 'label-flip', hostile: 2 })).accuracy).toBeGreaterThan(0.1);
  });

  it('clips the first round by what the host measured, though nearly all are hostile', async () => {
    const crowd = { plan: 'conventional', attack: 'scaling-1000', hostile: 3, rounds: 1 } as const;
    const [first, clean] = [
      await run({ ...crowd, rule: 'clipped-mean' }),
      await run({ ...crowd, hostile: 0 }),
    ];
    expect(first.accuracy).toBeGreaterThan(clean.accuracy - 0.1);
  });

  it.each(attackNames)('runs to its end under %s, with classes unevenly spread', async attack => {
    const partition = { kind: 'dirichlet', alpha: 0.5 } as const;
    const outcome = await run({
      attack,
      hostile: 2,
      ...{ volunteers: 5, updates: 5 },
      partition,
      rule: 'clipped-mean',
      rounds: 3,
    });
    expect(['rounds', 'target']).toContain(outcome.ending);
    expect(outcome.accuracy).toBeGreaterThanOrEqual(0);
  });
});
