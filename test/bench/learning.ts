import { readFileSync, writeFileSync } from 'node:fs';
import { printLine } from '../../client/headless/terminal/terminal.ts';
import { errorText } from '../../shared/protocol/error-text.ts';
import { isThere } from './learning/bench-data.ts';
import type { BenchEntry } from './learning/queue/entry.ts';
import { readQueue } from './learning/queue/read-queue.ts';
import { formatReports, reportsOf } from './learning/queue/report-entries.ts';
import { runEntries } from './learning/queue/run-entries.ts';
import { STANDARD_PAIRS } from './learning/report/pairs.ts';
import { plotComparisons } from './learning/report/plot.ts';
import { type LearningRow, learningRows } from './learning/rows.ts';
import { LEARNING_FLAGS } from './learning/settings/learning-flags.ts';
import {
  type LearningSettings,
  type OutputSettings,
  readOutput,
  readSettings,
} from './learning/settings/settings.ts';
import { USAGE } from './learning/settings/usage.ts';
import { assertWritable, describeMachine, parseFlags, refuseFlags, writeReport } from './report.ts';
import { BenchRows } from './rows/bench-rows.ts';

/**
 * The fair comparison of learning plans (shared/plan/README.md, "A fair comparison"): run by run into a file of rows,
 * then the table of all of them. What is compared is said by flags, or by a queue of comparisons.
 */

const flags = parseFlags(LEARNING_FLAGS, USAGE);
const output = orRefuse(() => readOutput(flags));
const entries = orRefuse(() =>
  output.queue === null ? [entryOf(settingsFromFlags())] : queueFrom(output.queue),
);
orRefuse(assertAllWritable);
const status = output.isReportOnly ? null : await runMissing();
if (status === null) report();
// Threads of the WASM backend would keep the process alive.
process.exit(status ?? 0);

function queueFrom(path: string): BenchEntry[] {
  return readQueue(path, readFile('queue', path));
}

function settingsFromFlags(): LearningSettings {
  return withDataset(readSettings(flags, path => readFile('config', path)));
}

function readFile(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`--${flag}: ${path} cannot be read`);
  }
}

/** Glyphs are drawn, so they are always there. */
function withDataset(read: LearningSettings): LearningSettings {
  const { dataset } = read.terms;
  if (isThere(dataset)) return read;
  printLine(`THERE IS NO ${dataset} in ../shared/data: the runs take the built-in glyphs INSTEAD.`);
  return {
    ...read,
    terms: { ...read.terms, dataset: 'glyphs' },
    out: read.out.replace(`learning-${dataset}`, 'learning-glyphs'),
  };
}

function entryOf({ arms, out, terms, seeds }: LearningSettings): BenchEntry {
  const rated = arms.map(({ rate, ...arm }) => ({ ...arm, rates: [rate] }));
  return { name: null, out, terms, seeds, arms: rated, tuneSeeds: [], pairs: STANDARD_PAIRS };
}

function assertAllWritable(): void {
  for (const { out } of entries) assertWritable(out, 'out');
  const { plot, json } = output;
  for (const [flag, path] of Object.entries({ plot, json })) if (path !== null) assertWritable(path, flag);
}

/** @returns the status with which the program ends if a signal stopped it */
async function runMissing(): Promise<number | null> {
  const rows = orRefuse(() => BenchRows.open(learningRows, entries, printLine));
  return await runEntries(entries, rows, output, printLine).catch(error => refuseFlags(reasonOf(error)));
}

function report(): void {
  const rows = orRefuse(() => BenchRows.read(learningRows, entries, printLine));
  const reports = reportsOf(entries, rows, output.isReportOnly && output.queue === null);
  printLine(`\n${formatReports(reports, rows)}`);
  if (output.plot !== null)
    writeFileSync(output.plot, plotComparisons(reports.flatMap(({ comparisons }) => comparisons)));
  if (output.json !== null)
    writeJson(
      output.json,
      output,
      reports.flatMap(each => each.rows),
    );
}

function writeJson(
  path: string,
  { queue, backend, threads, processes }: OutputSettings,
  results: readonly LearningRow[],
): void {
  const optimizer = 'SGD, Nesterov momentum 0.9, weight decay 5e-4, cosine over the budget';
  const [first] = entries;
  const asked =
    queue === null && first ? { terms: first.terms, arms: first.arms, seeds: first.seeds } : { entries };
  writeReport(path, {
    name: 'learning',
    machine: describeMachine(),
    settings: { ...asked, backend, threads, processes, optimizer },
    results,
  });
}

function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuseFlags(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  return errorText(error);
}
