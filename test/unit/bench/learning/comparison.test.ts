import { describe, expect, it } from 'vitest';
import { comparisonsOf } from '../../../bench/learning/report/comparison.ts';
import { formatPairs, STANDARD_PAIRS } from '../../../bench/learning/report/pairs.ts';
import { plotComparisons } from '../../../bench/learning/report/plot.ts';
import { formatRoles } from '../../../bench/learning/report/roles.ts';
import { formatComparison } from '../../../bench/learning/report/table.ts';
import type { LearningRow } from '../../../bench/learning/rows.ts';
import { someRow, someRows } from './some-rows.ts';

const one = (rows = someRows()) => {
  const [comparison] = comparisonsOf(rows);
  if (!comparison) throw new Error('nothing to compare');
  return comparison;
};

describe('a comparison', () => {
  it('sets each plan beside the best conventional rate, at equal seeds', () => {
    const { arms } = one();
    expect(arms.map(({ sample, isBaseline }) => [sample.plan, sample.learningRate, isBaseline])).toEqual([
      ['conventional', 0.01, true],
      ['conventional', 0.05, false],
      ['growing-together', 0.02, false],
      ['student-alone', 0.01, false],
    ]);
    // 0.55 − 0.51 and 0.57 − 0.52: 0.045, deviation 0.01 / √2.
    expect(arms[2]?.difference?.mean).toBeCloseTo(0.045, 10);
    expect(arms[2]?.difference?.margin).toBeCloseTo((12.706 * 0.01) / 2, 6);
    expect(arms[0]?.difference).toBeNull();
  });

  it('is of rows under the same terms on the same model', () => {
    const rows = [someRow(), someRow({ model: 'cnn-5' }), someRow({ budget: 8 }), someRow({ split: 'dev' })];
    expect(comparisonsOf(rows)).toHaveLength(4);
  });

  it('takes no rate for the best that failed where another did not', () => {
    const failed = someRow({
      seed: 2,
      learningRate: 0.1,
      accuracy: null,
      failed: 'diverged in round 3 of 80',
    });
    const { arms } = one([...someRows(), someRow({ learningRate: 0.1, accuracy: 0.9 }), failed]);
    expect(arms.find(({ isBaseline }) => isBaseline)?.sample.learningRate).toBe(0.01);
    expect(arms.find(({ sample }) => sample.learningRate === 0.1)?.failures).toEqual([failed]);
  });

  it('stands without a baseline', () => {
    const { arms } = one([someRow({ plan: 'student-alone' })]);
    expect(arms[0]).toMatchObject({ difference: null, isBaseline: false });
  });
});

describe('the table', () => {
  it('has an arm a line, the control marked as such', () => {
    const lines = formatComparison(one(someRows().map(row => ({ ...row, exits: {} })))).split('\n');
    expect(lines[0]).toBe(
      "vgg16-quarter on 10,000 pictures of cifar-10, 4 passes' worth of flops, test split",
    );
    const cells = lines.slice(2, 6).map(line => line.split(/ {2,}/));
    expect(cells).toEqual([
      ['conventional', '0.01', '2', '51.50 ± 0.71', 'baseline', '2.40 T', 'whole 81', '180'],
      ['conventional', '0.05', '2', '30.00 ± 0.00', '−21.50 ± 6.35', '2.40 T', 'whole 81', '180'],
      [
        'growing-together growAt=0.4 cut=pool3',
        '0.02',
        '2',
        '56.00 ± 1.41',
        '+4.50 ± 6.35',
        '2.40 T',
        'student 60, whole 83',
        '180',
      ],
      ['student-alone (control)', '0.01', '2', '58.00 ± 0.00', '+6.50 ± 6.35', '2.40 T', 'whole 81', '180'],
    ]);
  });

  it('says what failed, that a control is missing, and how many rates the baseline was chosen from', () => {
    const failed = someRow({ learningRate: 1, accuracy: null, failed: 'diverged in round 3 of 80' });
    const text = formatComparison(one([someRow(), failed]));
    expect(text).toContain('conventional at 1, seed 1: diverged in round 3 of 80');
    expect(text).toContain('The control student-alone is not among these runs');
    expect(text).toContain('the best of 2 conventional arms');
  });

  it('tells the bytes of volunteers', () => {
    const federated = {
      federated: true,
      volunteers: 4,
      partition: 'dirichlet:1',
      uploadMB: 6.082,
      downloadMB: 7,
    };
    const text = formatComparison(one([someRow(federated)]));
    expect(text).toContain('4 volunteers, dirichlet:1');
    expect(text).toMatch(/MB up +MB down/);
    expect(text).toMatch(/6\.08 +7\.00/);
  });
});

describe('a comparison of unequal devices', () => {
  const crowd = { federated: true, volunteers: 8, devices: '0.5:1,0.5:whole', ownPictures: true };
  const terms = { ...crowd, match: 'rounds', budget: 30, partition: 'iid', planSettings: '' };
  const arm = (name: string, accuracies: readonly number[], changes: Partial<LearningRow> = {}) =>
    accuracies.map((accuracy, i) => someRow({ ...terms, arm: name, seed: i + 1, accuracy, ...changes }));
  const rows = [
    ...arm('all-strong', [0.9, 0.91], { allStrong: true }),
    ...arm('strong-only', [0.7, 0.72]),
    ...arm('all-shallow', [0.71, 0.73], { plan: 'student-alone', exits: { student: 0.72 } }),
    ...arm('depth', [0.7, 0.7], { plan: 'depth-federated', planSettings: 'beta=0', exits: { last: 0.6 } }),
    ...arm('depth-distil', [0.75, 0.79], {
      plan: 'depth-federated',
      planSettings: 'beta=1',
      exits: { student: 0.7, 'exit-2': 0.71, 'exit-10': 0.72, last: 0.65, sum: 0.78, ensemble: 0.77 },
    }),
  ];

  it('has the better exclusive arm for its baseline, and never what needs other devices', () => {
    const { arms } = one(rows);
    const baseline = arms.filter(({ isBaseline }) => isBaseline).map(({ sample }) => sample.arm);
    expect(baseline).toEqual(['all-shallow']);
    expect(arms.find(({ sample }) => sample.arm === 'depth-distil')?.difference?.mean).toBeCloseTo(0.05, 10);
  });

  it('tells in its title who takes part, and in its lines the arm, its devices and each exit', () => {
    const [title = '', header = '', ...lines] = formatComparison(one(rows)).split('\n');
    expect(title).toBe(
      'vgg16-quarter on 10,000 pictures of cifar-10, 8 volunteers with pictures of their own, iid, devices 0.5:1,0.5:whole, 30 rounds, test split',
    );
    expect(header.split(/ {2,}/).slice(4, 10)).toEqual([
      'student',
      'exit-2',
      'exit-10',
      'last',
      'sum',
      'ensemble',
    ]);
    const cells = lines.map(line => line.split(/ {2,}/));
    expect(cells[0]?.[0]).toBe('all-strong: conventional devices=all');
    expect(cells[4]?.slice(4, 10)).toEqual(['70.00', '71.00', '72.00', '65.00', '78.00', '77.00']);
    expect(cells[2]?.slice(4, 7)).toEqual(['72.00', '-', '-']);
  });

  it('shows pairs at equal seeds, of answers and of exits, if both sides ran', () => {
    const text = formatPairs(one(rows), [
      ['depth-distil', 'strong-only'],
      ['depth-distil:last', 'depth:last'],
      ['depth-distil:student', 'all-shallow'],
      ['depth-distil', 'hetero-fl'],
      ['depth:student', 'all-shallow'],
    ]);
    // 0.75 − 0.70 and 0.79 − 0.72; 12.706 · 0.01414 / √2. Then 0.70 − 0.71 and 0.70 − 0.73.
    expect(text.split('\n').map(line => line.split(/ {2,}/))).toEqual([
      ['pair', 'points', 'seeds'],
      ['depth-distil − strong-only', '+6.00 ± 12.71', '2'],
      ['depth-distil:last − depth:last', '+5.00 ± 0.00', '2'],
      ['depth-distil:student − all-shallow', '−2.00 ± 12.71', '2'],
    ]);
    expect(formatPairs(one(), STANDARD_PAIRS)).toBe('');
  });

  it('tells what a device of each role does and needs, the mean of its seeds and the highest peak', () => {
    const costs = (peak: number) => ({
      macsByRole: { student: 2e9, whole: 1e10 },
      uploadMBByRole: { student: 0.01 * peak, whole: 0.2 },
      peakMemoryMBByRole: { student: peak, whole: 24 },
    });
    const unequal = [14, 16].flatMap((peak, i) =>
      arm('depth', [0.5], costs(peak)).map(row => ({ ...row, seed: i })),
    );
    const cells = formatRoles(one(unequal))
      .split('\n')
      .map(line => line.split(/ {2,}/));
    expect(cells.slice(1)).toEqual([
      ['depth at 0.01: student', '2.00 G', '0.150', '16.0'],
      ['depth at 0.01: whole', '10.0 G', '0.200', '24.0'],
    ]);
    expect(formatRoles(one())).toBe('');
    expect(formatRoles(one(rows))).toBe('');
  });

  it('is another one with other devices, other pictures or another way to be equal', () => {
    const others = [{ devices: null }, { ownPictures: false }, { match: 'flops' }].map(changes =>
      someRow({ ...terms, ...changes }),
    );
    expect(comparisonsOf([someRow(terms), ...others])).toHaveLength(4);
  });

  it('is drawn with the names of its arms', () => {
    const svg = plotComparisons(comparisonsOf(rows));
    expect(svg).toContain('>depth-distil</text>');
    const title = [...svg.matchAll(/font-size="15" font-weight="600">([^<]*)</g)].map(
      ([, line = '']) => line,
    );
    expect(title).toHaveLength(2);
    expect(title.join(' ')).toContain('devices 0.5:1,0.5:whole, 30 rounds, test split');
    expect(svg.match(/<circle /g)).toHaveLength(10);
  });
});

describe('the plot', () => {
  const svg = plotComparisons(
    comparisonsOf([...someRows(), someRow({ model: 'a<b', accuracy: null, failed: 'x' })]),
  );

  it('has a dot a run and a bar an arm that has an accuracy', () => {
    expect(svg.match(/<circle /g)).toHaveLength(8);
    expect(svg.match(/stroke-width="3"/g)).toHaveLength(4);
    expect(svg).toContain('1 failed');
  });

  it('is well-formed: every tag is closed, no text opens one, no coordinate is missing', () => {
    const open: string[] = [];
    for (const [, closes, name = '', ends] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (closes) expect(open.pop()).toBe(name);
      else if (!ends) open.push(name);
    }
    expect(open).toEqual([]);
    expect(svg).toContain('a&lt;b');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('keeps every dot inside its axis', () => {
    const xs = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(370);
    expect(Math.max(...xs)).toBeLessThanOrEqual(740);
  });
});
