import { readFileSync, writeFileSync } from 'node:fs';
import { printLine } from '../../client/headless/terminal/terminal.ts';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import type { TrainerApi } from '../../client/trainer/trainer-api.ts';
import { type BenchData, isThere, loadData } from './learning/bench-data.ts';
import { comparisonsOf } from './learning/comparison.ts';
import { fieldsOf, keyOf, type LearningRun } from './learning/learning-run.ts';
import { type PlannedRun, planWork } from './learning/plan-work.ts';
import { plotComparisons } from './learning/plot.ts';
import { BenchProgress } from './learning/progress.ts';
import { appendRow, failedRow, isDone, type LearningRow, readRows, rowOf } from './learning/rows.ts';
import { runAlone } from './learning/run-alone.ts';
import { runFederated } from './learning/run-federated.ts';
import { LEARNING_FLAGS, type LearningSettings, readSettings, runsOf } from './learning/settings.ts';
import { formatComparison, LEGEND } from './learning/table.ts';
import { USAGE } from './learning/usage.ts';
import { assertWritable, describeMachine, parseFlags, refuseFlags, writeReport } from './report.ts';
import { startTfjs } from './start-tfjs.ts';

/**
 * The fair comparison of learning plans (shared/plan/README.md, "A fair comparison"): run by run into a file of rows,
 * then the table of all of them.
 */

let trainer: TrainerApi | null = null;
const settings = settingsFromFlags();
const known = orRefuse(() => readRows(settings.out));
const wanted = runsOf(settings);
if (!settings.isReportOnly) await runMissing(wanted);
report();
// Threads of the WASM backend would keep the process alive.
process.exit(0);

function settingsFromFlags(): LearningSettings {
  const flags = parseFlags(LEARNING_FLAGS);
  if (flags.help) {
    console.log(USAGE);
    process.exit(0);
  }
  return orRefuse(() => {
    const read = withDataset(readSettings(flags, readConfigFile));
    const { out, plot, json } = read;
    for (const [flag, path] of Object.entries({ out, plot, json }))
      if (path !== null) assertWritable(path, flag);
    return read;
  });
}

function readConfigFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`--config: ${path} cannot be read`);
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

async function runMissing(runs: readonly LearningRun[]): Promise<void> {
  const done = new Set(known.filter(isDone).map(keyOf));
  const missing = runs.filter(run => !done.has(keyOf(fieldsOf(run))));
  if (missing.length < runs.length)
    printLine(`${runs.length - missing.length} of ${runs.length} runs are in ${settings.out} already.`);
  if (missing.length === 0) return;
  const { dataset, examples, split } = settings.terms;
  const data = await loadData(dataset, examples, split).catch(error => refuseFlags(reasonOf(error)));
  await start().catch(error => refuseFlags(reasonOf(error)));
  const planned = await planWork(missing, data.train).catch(error => refuseFlags(reasonOf(error)));
  const progress = new BenchProgress(planned, known);
  for (const [index, next] of planned.entries()) {
    progress.begin(index);
    const row = await rowFor(next, data, progress);
    appendRow(settings.out, row);
    known.push(row);
    progress.end(row);
  }
}

/** A run that fails is reported in its row, and the next one begins on a fresh backend. */
async function rowFor(
  { run }: PlannedRun,
  data: BenchData,
  { onProgress }: BenchProgress,
): Promise<LearningRow> {
  try {
    const outcome = run.federated
      ? await runFederated(run, run.federated, data, await trainerFor(), onProgress)
      : await runAlone(run, data, onProgress);
    return rowOf(run, outcome, settings.threads);
  } catch (error) {
    await start();
    return failedRow(run, error, settings.threads);
  }
}

/** All volunteers of all runs share this trainer, as long as nothing fails. */
async function trainerFor(): Promise<TrainerApi> {
  if (trainer) return trainer;
  trainer = createTrainer();
  await trainer.start({ backend: 'wasm', threads: settings.threads });
  return trainer;
}

function start(): Promise<unknown> {
  trainer = null;
  return startTfjs({ do: 'start', backend: 'wasm', threads: settings.threads, allowsSoftware: false });
}

function report(): void {
  const keys = new Set(wanted.map(run => keyOf(fieldsOf(run))));
  const rows = readRows(settings.out).filter(row => settings.isReportOnly || keys.has(keyOf(row)));
  if (rows.length === 0) printLine(`There are no such runs in ${settings.out}.`);
  const comparisons = comparisonsOf(rows);
  for (const comparison of comparisons) printLine(`\n${formatComparison(comparison)}`);
  if (comparisons.length > 0) printLine(`\n${LEGEND}`);
  if (settings.plot !== null) writeFileSync(settings.plot, plotComparisons(comparisons));
  if (settings.json !== null) writeJson(settings.json, rows);
}

function writeJson(path: string, results: readonly LearningRow[]): void {
  const { plot: _plot, json: _json, ...told } = settings;
  const optimizer = 'SGD, Nesterov momentum 0.9, weight decay 5e-4, cosine over the budget';
  writeReport(path, {
    name: 'learning',
    machine: describeMachine(),
    settings: { ...told, optimizer },
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
  return error instanceof Error ? error.message : String(error);
}
