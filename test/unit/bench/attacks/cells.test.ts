import { describe, expect, it } from 'vitest';
import { aggregationRules } from '../../../../shared/aggregation/rules.ts';
import { attackNames, CLEAN } from '../../../bench/attacks/attack-table.ts';
import { fieldsOf, keyOf } from '../../../bench/attacks/cell.ts';
import { cellsOf, cleanOf, hostileOf } from '../../../bench/attacks/cells.ts';
import { GOAL_ATTACKS } from '../../../bench/attacks/report/goals.ts';
import { readSettings } from '../../../bench/attacks/settings/settings.ts';

describe('the cells of a grid', () => {
  it.each([
    [0, 10, 0],
    [0.1, 10, 1],
    [0.3, 10, 3],
    [0.4, 30, 12],
    [0.1, 4, 1],
    [0.4, 4, 1],
  ])('a share of %f of %i volunteers is %i', (share, volunteers, hostile) => {
    expect(hostileOf(share, volunteers)).toBe(hostile);
  });

  const { grid } = readSettings({ attacks: 'noise,zero', rules: 'mean', volunteers: '4,10', seeds: '2' });
  const cells = cellsOf(grid);

  it('are each there once, however many shares are the same number of volunteers', () => {
    // For each of two seeds and partitions: a clean run and two attacks by 1 of 4; the same by 1, 2, 3 and 4 of 10.
    expect(cells).toHaveLength(2 * 2 * (3 + 9));
    expect(new Set(cells.map(cell => keyOf(fieldsOf(cell)))).size).toBe(cells.length);
  });

  it('have the clean run before those that are compared with it', () => {
    for (const [i, cell] of cells.entries()) {
      const isItsClean = ({ hostile, seed, volunteers, partition }: typeof cell): boolean =>
        hostile === 0 &&
        seed === cell.seed &&
        volunteers === cell.volunteers &&
        partition.kind === cell.partition.kind;
      expect(cells.slice(0, i + 1).some(isItsClean)).toBe(true);
    }
  });
});

describe('the cells of rules', () => {
  const of = (flags: Parameters<typeof readSettings>[0]) =>
    cellsOf(
      readSettings({
        attacks: 'noise',
        seeds: '1,',
        volunteers: '10',
        shares: '0.2',
        partitions: 'iid',
        ...flags,
      }).grid,
    );

  it('have buckets, but for the mean, of whose means the mean is the same', () => {
    const cells = of({ rules: 'mean,median', buckets: '1,2' });
    expect(cells.map(({ rule, bucket }) => `${rule} ${bucket}`)).toEqual([
      ...['mean 1', 'mean 1', 'median 1', 'median 1', 'median 2', 'median 2'],
    ]);
  });

  it('have a referee if the rule needs one, and an update of each volunteer unless fewer are wanted', () => {
    expect(of({ rules: 'median,fltrust' }).map(({ referee }) => referee)).toEqual([false, false, true, true]);
    expect(of({ rules: 'median,fltrust' }).map(({ check }) => check)).toEqual([false, false, true, true]);
    expect(of({ rules: 'fltrust', unchecked: true })[0]).toMatchObject({ referee: true, check: false });
    expect(of({ rules: 'mean' })[0]?.updates).toBe(10);
    expect(of({ rules: 'mean', updates: '4' })[0]?.updates).toBe(4);
    expect(of({ rules: 'mean' })[0]?.assumed).toBe(0.3);
  });
});

describe('the cells of the page', () => {
  const { cells } = readSettings({ page: true });

  it('are each there once, and have the clean run before those that are compared with it', () => {
    const keys = cells.map(cell => keyOf(fieldsOf(cell)));
    expect(new Set(keys).size).toBe(keys.length);
    const seen = new Set<string>();
    for (const [i, cell] of cells.entries()) {
      expect(cell.hostile === 0 || seen.has(keyOf(fieldsOf(cleanOf(cell))))).toBe(true);
      seen.add(keys[i] ?? '');
    }
  });

  it('begin with the attacks of the goals on the rule that a host with a referee gets', () => {
    const first = cells.slice(0, 100);
    expect(
      first.every(({ rule, referee, check, falls }) => rule === 'fltrust' && referee && check && falls),
    ).toBe(true);
    expect(new Set(cells.slice(0, 1_400).map(({ attack }) => attack))).toEqual(
      new Set([CLEAN, ...GOAL_ATTACKS]),
    );
  });

  it('have every attack on every rule that a host may get who names none, with three seeds', () => {
    for (const rule of ['fltrust', 'geometric-median', 'clipped-mean'])
      for (const seed of [1, 2, 3]) {
        const of = cells.filter(cell => cell.rule === rule && cell.seed === seed && cell.falls);
        expect(new Set(of.map(({ attack }) => attack))).toEqual(new Set([CLEAN, ...attackNames]));
      }
  });
});

describe('the settings of the attacks bench', () => {
  it('are the whole scoreboard: every attack and every rule of the table', () => {
    const { grid, out } = readSettings({});
    expect(grid.attacks).toEqual(attackNames);
    expect(grid.rules).toEqual(Object.keys(aggregationRules));
    expect(grid).toMatchObject({
      shares: [0.1, 0.2, 0.3, 0.4],
      volunteers: [4, 10, 30],
      partitions: [{ kind: 'iid' }, { kind: 'dirichlet', alpha: 0.5 }],
      seeds: [1, 2, 3],
      referee: false,
    });
    expect(out).toMatch(/^test\/bench\/results\/attacks-digits-v\d+\.jsonl$/);
  });

  it('are fewer if they are quick, and other flags change them still', () => {
    const quick = cellsOf(readSettings({ quick: true, rules: 'mean' }).grid);
    expect(quick.length).toBeLessThan(30);
    expect(readSettings({ quick: true, seeds: '7,' }).grid.seeds).toEqual([7]);
    expect(readSettings({ quick: true, referee: true }).grid.referee).toBe(true);
  });

  it.each([
    [{ attacks: 'magic' }, '--attacks takes scaling-10, scaling-100'],
    [{ rules: 'mean,fair' }, '--rules takes mean, '],
    [{ shares: '0.5' }, "--shares takes numbers from 0 to below 0.5, got '0.5'"],
    [{ shares: 'few' }, "--shares takes numbers from 0 to below 0.5, got 'few'"],
    [{ shares: ',' }, "--shares takes a list, got ','"],
    [{ volunteers: '0' }, '--volunteers takes whole numbers from 1 to 100'],
    [{ partitions: 'dirichlet' }, '--partitions takes iid or dirichlet:ALPHA'],
    [{ seeds: '-1' }, '--seeds takes whole numbers'],
    [{ data: 'cifar-10' }, '--data takes digits'],
    [{ plan: 'growing-together' }, '--plan takes layer-to-layer, conventional'],
    [{ 'parts-for': 'nobody' }, '--parts-for takes volunteer, anyone'],
    [{ rounds: 'many' }, '--rounds takes whole numbers'],
    [{ assumed: '0.5' }, "--assumed takes a number from 0.01 to 0.49, got '0.5'"],
    [{ buckets: '65' }, '--buckets takes whole numbers from 1 to 64'],
    [{ updates: '0' }, '--updates takes whole numbers from 1 to 100'],
    [{ plot: '' }, "--plot takes a file's name"],
  ])('refuse %j', (flags, reason) => {
    expect(() => readSettings(flags)).toThrow(reason);
  });
});
