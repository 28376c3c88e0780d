import type { BenchRows } from '../../rows/bench-rows.ts';
import { fieldsOf, keyOf } from '../learning-run.ts';
import { formatTime } from '../progress.ts';
import { type Comparison, comparisonsOf } from '../report/comparison.ts';
import { formatPairs } from '../report/pairs.ts';
import { formatRoles } from '../report/roles.ts';
import { spreadOf } from '../report/statistics.ts';
import { formatComparison, LEGEND } from '../report/table.ts';
import type { LearningRow } from '../rows.ts';
import { type BenchEntry, isItemDone, itemsOf, type RowsByKey, runOf } from './entry.ts';

interface EntryReport {
  readonly entry: BenchEntry;
  readonly rows: readonly LearningRow[];
  readonly comparisons: readonly Comparison[];
}

/** The rows of each entry. @param all whether all rows of its file are meant, whatever the entry asks for */
export const reportsOf = (
  entries: readonly BenchEntry[],
  rows: BenchRows<LearningRow>,
  all: boolean,
): EntryReport[] =>
  entries.map(entry => {
    const known = rows.of(entry);
    const own = all ? [...known.values()] : rowsOf(entry, known);
    return { entry, rows: own, comparisons: comparisonsOf(own) };
  });

function rowsOf(entry: BenchEntry, known: RowsByKey): LearningRow[] {
  const runs = itemsOf(entry).flatMap(item => runOf(item, known) ?? []);
  return [...new Set(runs.map(run => keyOf(fieldsOf(run))))].flatMap(key => known.get(key) ?? []);
}

/** Tables for people: what is done and left of each entry that has a name, its comparisons, and its pairs. */
export function formatReports(reports: readonly EntryReport[], rows: BenchRows<LearningRow>): string {
  const texts = reports.flatMap(report => [
    ...(report.entry.name === null ? [] : [statusOf(report, rows.of(report.entry))]),
    ...(report.rows.length === 0 ? [`There are no such runs in ${report.entry.out}.`] : []),
    ...report.comparisons.flatMap(comparison => tablesOf(comparison, report.entry)),
  ]);
  const hasTable = reports.some(({ comparisons }) => comparisons.length > 0);
  return [...texts, ...(hasTable ? [LEGEND] : [])].join('\n\n');
}

function tablesOf(comparison: Comparison, { pairs }: BenchEntry): string[] {
  const beside = [formatRoles(comparison), formatPairs(comparison, pairs)];
  return [formatComparison(comparison), ...beside.filter(text => text !== '')];
}

/** `near convergence: 12 of 48 runs are done, 36 are left, about 5 h 10 min` */
function statusOf({ entry, rows }: EntryReport, known: RowsByKey): string {
  const items = itemsOf(entry);
  const done = items.filter(item => isItemDone(item, known)).length;
  const left = items.length - done;
  const seconds = spreadOf(rows.flatMap(row => row.seconds ?? [])).mean * left;
  const time = left === 0 || Number.isNaN(seconds) ? '' : `, about ${formatTime(seconds)}`;
  return `${entry.name}: ${done} of ${items.length} runs are done, ${left} ${left === 1 ? 'is' : 'are'} left${time}`;
}
