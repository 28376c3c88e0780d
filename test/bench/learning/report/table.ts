import { formatTable } from '../../report.ts';
import type { LearningRow } from '../rows.ts';
import { type ArmResult, type Comparison, isExclusive } from './comparison.ts';
import { accuracyText, detailOf, differenceText, macsText, percent, planLabel, titleOf } from './row-text.ts';
import { spreadOf } from './statistics.ts';

/** What the columns of every comparison mean. */
export const LEGEND =
  'Accuracy: mean ± standard deviation over seeds. Difference: points at equal seeds, 95 % interval (t).';

/** A comparison for people: each arm in one line, then what failed. */
export function formatComparison(comparison: Comparison): string {
  const { arms, sample } = comparison;
  const exits = exitsOf(arms);
  const bytes = sample.federated ? ['MB up', 'MB down'] : [];
  const header = [
    'plan',
    'rate',
    'runs',
    'accuracy %',
    ...exits,
    'difference',
    'MACs',
    ...bytes,
    'peak MB',
    'seconds',
  ];
  const table = formatTable(
    header,
    arms.map(arm => cellsOf(arm, exits, sample.federated)),
  );
  return [titleOf(comparison), table, ...notesOf(comparison)].join('\n');
}

/** The names of all exits that some arm has, in the order of the network; the joint ones last. */
function exitsOf(arms: readonly ArmResult[]): string[] {
  const names = new Set(arms.flatMap(({ rows }) => rows.flatMap(({ exits }) => Object.keys(exits))));
  const ends = ['last', 'sum', 'ensemble'].filter(name => names.has(name));
  const placeOf = (name: string): number => (name === 'student' ? 1 : Number(name.slice('exit-'.length)));
  const before = [...names].filter(name => !ends.includes(name));
  return [...before.toSorted((a, b) => placeOf(a) - placeOf(b)), ...ends];
}

function cellsOf(arm: ArmResult, exits: readonly string[], isFederated: boolean): string[] {
  const { rows, sample } = arm;
  const mean = (pick: (row: LearningRow) => number | null | undefined): number =>
    spreadOf(rows.flatMap(row => pick(row) ?? [])).mean;
  const bytes = [mean(row => row.uploadMB), mean(row => row.downloadMB)].map(mb => figure(mb, 2));
  return [
    nameOf(sample),
    `${sample.learningRate}`,
    `${arm.accuracy.count}`,
    accuracyText(arm),
    ...exits
      .map(name => mean(row => row.exits[name]))
      .map(share => (Number.isNaN(share) ? '-' : percent(share))),
    differenceText(arm),
    macsText(mean(row => row.macs)),
    ...(isFederated ? bytes : []),
    peaksOf(rows),
    figure(
      mean(row => row.seconds),
      0,
    ),
  ];
}

/** `depth-distil: depth-federated beta=1 cut=pool2` */
function nameOf(sample: LearningRow): string {
  const plan = [planLabel(sample.plan), detailOf(sample)].filter(text => text !== '').join(' ');
  return sample.arm === null || sample.arm === sample.plan ? plan : `${sample.arm}: ${plan}`;
}

const figure = (value: number, digits: number): string => (Number.isNaN(value) ? '-' : value.toFixed(digits));

/** `student 91, teacher 179` */
function peaksOf(rows: readonly LearningRow[]): string {
  const roles = [...new Set(rows.flatMap(row => Object.keys(row.peakMemoryMBByRole)))];
  const peaks = roles.map(role => {
    const mbs = rows.flatMap(row => row.peakMemoryMBByRole[role] ?? []);
    return `${role} ${figure(Math.max(...mbs), 0)}`;
  });
  return peaks.join(', ') || '-';
}

function notesOf({ arms, sample: { devices } }: Comparison): string[] {
  const failed = arms.flatMap(({ failures }) =>
    failures.map(
      ({ plan, learningRate, seed, failed }) => `${plan} at ${learningRate}, seed ${seed}: ${failed}`,
    ),
  );
  const what = devices === null ? 'conventional' : 'exclusive';
  const baselines = arms.filter(({ sample }) => isExclusive(sample));
  const hasBaseline = baselines.some(({ isBaseline }) => isBaseline);
  const best = baselines.length > 1 ? [`Baseline: the best of ${baselines.length} ${what} arms.`] : [];
  const lacking = hasBaseline ? [] : [`No ${what} run here: nothing to compare with.`];
  const control = arms.some(({ sample }) => sample.plan === 'student-alone')
    ? []
    : ['The control student-alone is not among these runs: no claim without it.'];
  return [...best, ...lacking, ...control, ...failed];
}
