import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedRows } from '../../../bench/attacks/report/asked-rows.ts';
import { boardsOf } from '../../../bench/attacks/report/board.ts';
import { describeFailures } from '../../../bench/attacks/report/failures.ts';
import { formatGoals } from '../../../bench/attacks/report/goals.ts';
import { drawHeatMap } from '../../../bench/attacks/report/heat-map.ts';
import { formatBoards } from '../../../bench/attacks/report/table.ts';
import { ATTACKS_VERSION, type AttackRow, attackRows } from '../../../bench/attacks/rows.ts';
import type { AttackFlags } from '../../../bench/attacks/settings/attack-flags.ts';
import { readSettings } from '../../../bench/attacks/settings/settings.ts';
import { readRowFile } from '../../../bench/rows/row-file.ts';
import { boundMs } from '../../../support/patience.ts';

const PROGRAM = fileURLToPath(new URL('../../../bench/attacks.ts', import.meta.url));
const bench = (flags: readonly string[]) =>
  spawnSync(process.execPath, [PROGRAM, ...flags], { encoding: 'utf8', timeout: boundMs(20_000) });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeroom-attacks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const someRow = (change: Partial<AttackRow> = {}): AttackRow => ({
  ...{ attack: 'noise', rule: 'mean', bucket: 1, assumed: 0.3, partition: 'iid', seed: 1 },
  ...{ share: 0.2, volunteers: 10, hostile: 2, updates: 10 },
  ...{ data: 'digits', plan: 'layer-to-layer', referee: false, check: false },
  ...{ judges: 'volunteers', falls: false, partsFor: 'volunteer', rounds: 12 },
  ...{ accuracy: 0.5, cleanAccuracy: 0.9, backdoorRate: 0.1, refusedShare: 0, honestRefusedShare: 0 },
  ...{
    ending: 'rounds',
    versions: 12,
    returns: 0,
    untaken: 0,
    seconds: 0.4,
    code: ATTACKS_VERSION,
    failed: null,
  },
  ...change,
});
const clean = (change: Partial<AttackRow> = {}): AttackRow =>
  someRow({ attack: 'none', share: 0, hostile: 0, accuracy: 0.9, refusedShare: null, ...change });

describe('the attacks bench as a program', () => {
  const flags = ['--data=glyphs', '--rounds=2', '--volunteers=4', '--partitions=iid', '--seeds=1,'];
  const tiny = (out: string, ...more: string[]) => [
    ...flags,
    '--rules=mean',
    '--attacks=zero,nan',
    '--shares=0.2',
    '--out',
    out,
    ...more,
  ];

  it('adds a row a cell, goes on where it was, mends a torn row, and writes its picture and report', () => {
    const [out = '', plot = '', json = ''] = ['rows.jsonl', 'plot.svg', 'report.json'].map(name =>
      join(folder, name),
    );
    expect(bench(tiny(out))).toMatchObject({ status: 0, stderr: '' });
    const rows = readFileSync(out, 'utf8');
    expect(readRowFile(attackRows, out).rows.map(({ attack }) => attack)).toEqual(['none', 'zero', 'nan']);
    truncateSync(out, rows.length - 20);
    const more = bench(tiny(out, '--rules=mean,clipped-mean', '--plot', plot, '--json', json));
    expect(more).toMatchObject({ status: 0, stderr: '' });
    expect(more.stdout).toContain('is torn');
    expect(more.stdout).toContain('2 of 6 cells are done already');
    const again = readRowFile(attackRows, out).rows;
    const told = ({ seconds: _, ...row }: AttackRow) => row;
    const before = rows
      .trim()
      .split('\n')
      .map(line => told(attackRows.parse(JSON.parse(line))));
    expect(again.slice(0, 3).map(told)).toEqual(before);
    expect(again).toHaveLength(6);
    expect(again[2]).toMatchObject({ attack: 'nan', refusedShare: 1, cleanAccuracy: again[0]?.accuracy });
    expect(readFileSync(plot, 'utf8')).toContain('clipped-mean');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      name: 'attacks',
      settings: { data: 'glyphs', attacks: ['zero', 'nan'] },
      results: again,
    });
  });

  it.each([
    [['--nope'], "Unknown option '--nope'"],
    [['--attacks=magic'], '--attacks takes'],
    [['--out=/nowhere/rows.jsonl'], '--out: /nowhere is not a folder'],
    [['--plot=test'], '--plot: test is a folder, not a file'],
  ])('refuses %j in one line, before any work', (wrong, reason) => {
    const out = join(folder, 'none.jsonl');
    const { status, stderr } = bench(
      wrong.some(flag => flag.startsWith('--out')) ? wrong : [...wrong, '--out', out],
    );
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
  });
});

describe('the report', () => {
  const rows = [
    clean(),
    clean({ seed: 2, accuracy: 0.8 }),
    someRow(),
    someRow({ seed: 2, accuracy: 0.7, cleanAccuracy: 0.8 }),
    someRow({ attack: 'zero', accuracy: 0.9001, seed: 3 }),
    someRow({ attack: 'backdoor', accuracy: 0.89, backdoorRate: 0.95 }),
    clean({ rule: 'clipped-mean' }),
    someRow({ rule: 'clipped-mean', accuracy: 0.895 }),
    someRow({ rule: 'clipped-mean', hostile: 4, share: 0.4, accuracy: null, failed: 'out of memory' }),
  ];

  it('tells the points lost, each against the clean run of its seed, as the mean of the seeds', () => {
    const [board, ...others] = boardsOf(rows);
    expect(others).toEqual([]);
    expect(board?.title).toContain('10 volunteers, iid');
    expect(board?.clean).toContain('mean 85.0 %');
    expect(board?.columns.map(({ rule, hostile }) => `${rule} ${hostile}`)).toEqual([
      'mean 2',
      'clipped-mean 2',
      'clipped-mean 4',
    ]);
    const [noise, lost, success] = board?.lines ?? [];
    expect(board?.lines.map(({ name }) => name)).toEqual([
      ...['noise', 'backdoor', 'backdoor: success %', 'zero'],
    ]);
    expect(noise?.values[0]).toBeCloseTo(25);
    expect(noise?.values[1]).toBeCloseTo(0.5);
    expect(noise?.values[2]).toBeNull();
    expect(lost?.values[0]).toBeCloseTo(1);
    expect(success).toMatchObject({ name: 'backdoor: success %', values: [95, null, null] });
  });

  it('shows a rule that always has a referee, and buckets, beside the others', () => {
    const more = [
      clean({ rule: 'fltrust', referee: true, check: true, judges: 'referees' }),
      clean({ rule: 'median', bucket: 2 }),
    ];
    const [board, ...others] = boardsOf([...rows, ...more]);
    expect(others).toEqual([]);
    expect(board?.clean).toContain('median of 2s 90.0 %, fltrust 90.0 %');
  });

  it('is of the rows that the flags name, and of all if they name none', () => {
    const all = [...rows, someRow({ volunteers: 4, plan: 'conventional', falls: true })];
    const asked = (flags: AttackFlags) => askedRows(all, flags, readSettings(flags).grid).length;
    expect(asked({})).toBe(all.length);
    expect(asked({ volunteers: '4' })).toBe(1);
    expect(asked({ plan: 'conventional', falls: true })).toBe(1);
    expect(asked({ rules: 'clipped-mean', attacks: 'noise' })).toBe(3);
  });

  it('has a board for each setting', () => {
    expect(boardsOf([...rows, clean({ referee: true }), clean({ volunteers: 30 })])).toHaveLength(3);
  });

  it('tells apart whose referee checks nothing, and parts that are for anyone', () => {
    const fltrust = { rule: 'fltrust', referee: true, judges: 'referees' };
    const titles = boardsOf([
      clean({ ...fltrust, check: true }),
      clean(fltrust),
      clean({ ...fltrust, check: true, judges: 'volunteers' }),
      clean({ ...fltrust, check: true, partsFor: 'anyone' }),
    ]).map(({ title }) => title.split(';')[0]);
    expect(titles).toEqual([
      '10 volunteers, iid',
      '10 volunteers, iid, volunteers judge',
      '10 volunteers, iid, whose referee checks nothing',
      '10 volunteers, iid, parts for anyone',
    ]);
  });

  it('is a table and a picture with a cell for each value', () => {
    const boards = boardsOf(rows);
    expect(formatBoards(boards)).toContain('clipped-mean 4/10');
    expect(formatBoards(boards)).toMatch(/^zero +0\.0 *$/m);
    expect(drawHeatMap(boards).match(/<rect /g)).toHaveLength(5);
  });

  it('tells each reason of failures once', () => {
    const failed = someRow({ accuracy: null, failed: 'too few' });
    expect(describeFailures([...rows, failed, { ...failed, seed: 2 }])).toEqual([
      '1 cell has failed with clipped-mean and 10 volunteers: out of memory',
      '2 cells have failed with mean and 10 volunteers: too few',
    ]);
  });

  it('says by which cell a goal is missed', () => {
    const goals = formatGoals(rows).split('\n').slice(1);
    expect(goals).toHaveLength(2);
    expect(goals[0]).toMatch(/under 2 +mean +missed +25\.0 \(± 15\.0, 2 seeds\) by noise, 2 of 10, iid/);
    expect(goals[1]).toMatch(/under 2 +clipped-mean +met +0\.5 \(one seed\) by noise/);
    const small = { volunteers: 4, updates: 2, hostile: 1, share: 0.25, referee: true, rule: 'fltrust' };
    expect(formatGoals([someRow({ ...small, accuracy: 0.88 })])).toMatch(
      /one of four.*under 3 +fltrust, unchecked +met +2\.0 \(one seed\) by noise, 1 of 4, 2 updates a round, iid, layer-to-layer/,
    );
  });
});
