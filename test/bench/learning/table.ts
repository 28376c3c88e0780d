import { formatTable } from '../report.ts';
import type { ArmResult, Comparison } from './comparison.ts';
import { accuracyText, detailOf, differenceText, macsText, planLabel, titleOf } from './row-text.ts';
import type { LearningRow } from './rows.ts';
import { spreadOf } from './statistics.ts';

const HEADER = [
  'plan',
  'rate',
  'runs',
  'accuracy %',
  'difference',
  'MACs',
  'MB up',
  'MB down',
  'peak MB',
  'seconds',
] as const;

/** What the columns of every comparison mean. */
export const LEGEND =
  'Accuracy: mean ± standard deviation over seeds. Difference: points at equal seeds, 95 % interval (t).';

/** A comparison for people: each arm in one line, then what failed. */
export function formatComparison(comparison: Comparison): string {
  const { arms, sample } = comparison;
  const table = formatTable(
    HEADER.filter(column => sample.federated || !column.startsWith('MB')),
    arms.map(arm => cellsOf(arm, sample.federated)),
  );
  return [titleOf(comparison), table, ...notesOf(arms)].join('\n');
}

function cellsOf({ rows, sample, ...arm }: ArmResult, isFederated: boolean): string[] {
  const mean = (pick: (row: LearningRow) => number | null): number =>
    spreadOf(rows.flatMap(row => pick(row) ?? [])).mean;
  const plan = [planLabel(sample.plan), detailOf(sample)].filter(text => text !== '').join(' ');
  const bytes = [mean(row => row.uploadMB), mean(row => row.downloadMB)].map(mb => figure(mb, 2));
  return [
    plan,
    `${sample.learningRate}`,
    `${arm.accuracy.count}`,
    accuracyText({ rows, sample, ...arm }),
    differenceText({ rows, sample, ...arm }),
    macsText(mean(row => row.macs)),
    ...(isFederated ? bytes : []),
    peaksOf(rows),
    figure(
      mean(row => row.seconds),
      0,
    ),
  ];
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

function notesOf(arms: readonly ArmResult[]): string[] {
  const failed = arms.flatMap(({ failures }) =>
    failures.map(
      ({ plan, learningRate, seed, failed }) => `${plan} at ${learningRate}, seed ${seed}: ${failed}`,
    ),
  );
  const conventional = arms.filter(({ sample }) => sample.plan === 'conventional');
  const hasBaseline = conventional.some(({ isBaseline }) => isBaseline);
  const best =
    conventional.length > 1 ? [`Baseline: the best of ${conventional.length} conventional arms.`] : [];
  const lacking = hasBaseline ? [] : ['No conventional run here: nothing to compare with.'];
  const control = arms.some(({ sample }) => sample.plan === 'student-alone')
    ? []
    : ['The control student-alone is not among these runs: no claim without it.'];
  return [...best, ...lacking, ...control, ...failed];
}
