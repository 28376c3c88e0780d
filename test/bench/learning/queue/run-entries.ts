import { setImmediate } from 'node:timers/promises';
import { errorText } from '../../../../shared/protocol/error-text.ts';
import type { BenchRows } from '../../rows/bench-rows.ts';
import { Stopped, StopSignal } from '../../rows/stop-signal.ts';
import { type BenchData, loadData } from '../bench-data.ts';
import { fieldsOf, keyOf } from '../learning-run.ts';
import { type PlannedRun, WorkPlanner } from '../plan-work.ts';
import { BenchProgress, formatTime } from '../progress.ts';
import { isDone, type LearningRow } from '../rows.ts';
import type { Trainers } from '../settings/settings.ts';
import { BenchBackend } from './bench-backend.ts';
import { type BenchEntry, type Item, isItemDone, itemsOf, runOf, sampleRun, whyHeldBack } from './entry.ts';
import { KeptData } from './kept-data.ts';
import { SideBySide } from './side-by-side.ts';

type Say = (line: string) => void;

/** What is left to do, and what each will cost. */
interface PlannedItem extends PlannedRun {
  readonly item: Item;
}

/**
 * Does every run that has no row yet, one after the other, and adds its row when it is done.
 * @returns the status of a shell if a signal stopped it; else null
 * @throws with one line before anything runs if some run cannot be done
 */
export async function runEntries(
  entries: readonly BenchEntry[],
  rows: BenchRows<LearningRow>,
  trainers: Trainers,
  say: Say,
): Promise<number | null> {
  const items = entries.flatMap(itemsOf);
  const left = items.filter(item => !isItemDone(item, rows.of(item.entry)));
  if (left.length < items.length)
    say(`${items.length - left.length} of ${items.length} runs are done already.`);
  if (left.length === 0) return null;
  const { backend, threads, processes } = trainers;
  // Models are built on it, to plan. Children that train have the graphics card for themselves.
  const trainer = new BenchBackend(processes > 1 ? 'wasm' : backend, threads);
  await trainer.start();
  const work = await planned(left);
  const alike = rows.all.filter(row => row.backend === backend);
  const progress = new BenchProgress(work, alike);
  const seconds = progress.secondsInAll;
  const time =
    seconds === null ? 'how long is known after the first' : `about ${formatTime(seconds / processes)}`;
  say(`${runsLeft(left.length)}, ${time}.`);
  const run =
    processes > 1
      ? new SideBySide(left, rows, trainers, say)
      : new OneByOne(work, rows, trainer, progress, say);
  return await orStopped(run.toEnd(), () => {
    const missing = left.filter(item => !isItemDone(item, rows.of(item.entry))).length;
    const inHand = processes > 1 ? 'runs in hand begin' : 'the run in hand begins';
    say(`Stopped: ${runsLeft(missing)}. The same command goes on; ${inHand} anew.`);
  });
}

async function orStopped(work: Promise<void>, onStopped: () => void): Promise<number | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    onStopped();
    return error.status;
  }
}

/** @throws with one line that names the entry, if it has a name */
async function planned(items: readonly Item[]): Promise<PlannedItem[]> {
  const planner = new WorkPlanner();
  const pictures = new Map<string, BenchData['train']>();
  const all: PlannedItem[] = [];
  for (const item of items)
    try {
      const run = sampleRun(item);
      const { dataset } = item.entry.terms;
      const key = JSON.stringify([dataset, run.examples]);
      const train = pictures.get(key) ?? (await loadData(dataset, run.examples, run.split)).train;
      pictures.set(key, train);
      all.push({ ...(await planner.plan(run, train)), item });
    } catch (error) {
      const reason = errorText(error);
      throw new Error(item.entry.name === null ? reason : `${item.entry.name}: ${reason}`);
    }
  return all;
}

class OneByOne {
  private readonly planned: readonly PlannedItem[];
  private readonly rows: BenchRows<LearningRow>;
  private readonly backend: BenchBackend;
  private readonly say: Say;
  private readonly progress: BenchProgress;
  private readonly stop: StopSignal;
  private readonly kept = new KeptData();
  /** Runs of two entries may be the same. */
  private readonly tried = new Set<string>();

  constructor(
    planned: readonly PlannedItem[],
    rows: BenchRows<LearningRow>,
    backend: BenchBackend,
    progress: BenchProgress,
    say: Say,
  ) {
    this.planned = planned;
    this.rows = rows;
    this.backend = backend;
    this.progress = progress;
    this.say = say;
    this.stop = new StopSignal(say);
  }

  async toEnd(): Promise<void> {
    for (const [index, { item }] of this.planned.entries()) await this.one(index, item);
  }

  private async one(index: number, item: Item): Promise<void> {
    this.stop.check();
    const rows = this.rows.of(item.entry);
    const run = runOf(item, rows);
    if (!run) {
      this.say(whyHeldBack(item, rows));
      return;
    }
    const key = keyOf(fieldsOf(run));
    const known = rows.get(key);
    if (this.tried.has(`${item.entry.out} ${key}`) || (known && isDone(known))) return;
    this.tried.add(`${item.entry.out} ${key}`);
    const data = await this.kept.for(item.entry.terms.dataset, run);
    this.progress.begin(index, run);
    const row = await this.backend.rowFor(run, data, async progress => {
      this.progress.onProgress(progress);
      // Short rounds would never let a signal in.
      await setImmediate();
      this.stop.check();
    });
    this.rows.add(item.entry, row);
    this.progress.end(row);
  }
}

const runsLeft = (count: number): string => `${count} ${count === 1 ? 'run is' : 'runs are'} left`;
