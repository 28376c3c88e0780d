import { setImmediate } from 'node:timers/promises';
import { errorText } from '../../../../shared/protocol/error-text.ts';
import type { BenchRows } from '../../rows/bench-rows.ts';
import { Stopped, StopSignal } from '../../rows/stop-signal.ts';
import { type BenchData, loadData } from '../bench-data.ts';
import { fieldsOf, keyOf, type LearningRun } from '../learning-run.ts';
import { type PlannedRun, WorkPlanner } from '../plan-work.ts';
import { BenchProgress, formatTime } from '../progress.ts';
import { isDone, type LearningRow } from '../rows.ts';
import { BenchBackend } from './bench-backend.ts';
import { type BenchEntry, type Item, isHopeless, isItemDone, itemsOf, runOf, sampleRun } from './entry.ts';

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
  threads: number,
  say: Say,
): Promise<number | null> {
  const items = entries.flatMap(itemsOf);
  const left = items.filter(item => !isItemDone(item, rows.of(item.entry)));
  if (left.length < items.length)
    say(`${items.length - left.length} of ${items.length} runs are done already.`);
  if (left.length === 0) return null;
  const backend = new BenchBackend(threads);
  await backend.start();
  return await new EntriesRun(await planned(left), rows, backend, say).toEnd();
}

/** @throws with one line that names the entry, if it has a name */
async function planned(items: readonly Item[]): Promise<PlannedItem[]> {
  const planner = new WorkPlanner();
  const pictures = new Map<string, BenchData['train']>();
  const all: PlannedItem[] = [];
  for (const item of items)
    try {
      const run = sampleRun(item);
      const key = JSON.stringify([run.dataset, run.examples]);
      const train = pictures.get(key) ?? (await loadFor(item.entry, run)).train;
      pictures.set(key, train);
      all.push({ ...(await planner.plan(run, train)), item });
    } catch (error) {
      const reason = errorText(error);
      throw new Error(item.entry.name === null ? reason : `${item.entry.name}: ${reason}`);
    }
  return all;
}

const loadFor = ({ terms }: BenchEntry, { examples, split }: LearningRun): Promise<BenchData> =>
  loadData(terms.dataset, examples, split);

class EntriesRun {
  private readonly planned: readonly PlannedItem[];
  private readonly rows: BenchRows<LearningRow>;
  private readonly backend: BenchBackend;
  private readonly say: Say;
  private readonly progress: BenchProgress;
  private readonly stop: StopSignal;
  /** The pictures of the last run; those of the next are mostly the same. */
  private data: { readonly key: string; readonly value: BenchData } | null = null;
  /** Runs of two entries may be the same. */
  private readonly tried = new Set<string>();

  constructor(
    planned: readonly PlannedItem[],
    rows: BenchRows<LearningRow>,
    backend: BenchBackend,
    say: Say,
  ) {
    this.planned = planned;
    this.rows = rows;
    this.backend = backend;
    this.say = say;
    this.progress = new BenchProgress(planned, rows.all);
    this.stop = new StopSignal(say);
  }

  async toEnd(): Promise<number | null> {
    const seconds = this.progress.secondsInAll;
    const time = seconds === null ? 'how long is known after the first' : `about ${formatTime(seconds)}`;
    this.say(`${runsLeft(this.planned.length)}, ${time}.`);
    for (const [index, { item }] of this.planned.entries())
      try {
        await this.one(index, item);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        const left = this.planned.filter(
          ({ item: each }) => !isItemDone(each, this.rows.of(each.entry)),
        ).length;
        this.say(`Stopped: ${runsLeft(left)}. The same command goes on; the run in hand begins anew.`);
        return error.status;
      }
    return null;
  }

  private async one(index: number, item: Item): Promise<void> {
    this.stop.check();
    const rows = this.rows.of(item.entry);
    const run = runOf(item, rows);
    if (!run) {
      this.say(whyHeldBack(item, isHopeless(item, rows)));
      return;
    }
    const key = keyOf(fieldsOf(run));
    const known = rows.get(key);
    if (this.tried.has(`${item.entry.out} ${key}`) || (known && isDone(known))) return;
    this.tried.add(`${item.entry.out} ${key}`);
    const data = await this.dataFor(item.entry, run);
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

  private async dataFor(entry: BenchEntry, run: LearningRun): Promise<BenchData> {
    const key = JSON.stringify([run.dataset, run.examples, run.split]);
    if (this.data?.key !== key) this.data = { key, value: await loadFor(entry, run) };
    return this.data.value;
  }
}

const runsLeft = (count: number): string => `${count} ${count === 1 ? 'run is' : 'runs are'} left`;

function whyHeldBack({ arm, seed }: Item, hopeless: boolean): string {
  const name = `${arm.model} ${arm.arm ?? arm.plan.name} seed ${seed}`;
  const rates = arm.rates.join(', ');
  return hopeless
    ? `${name} is not run: at each of the rates ${rates} the loss left the range of numbers.`
    : `${name} is held back: a try of one of its rates ${rates} has failed, which the next start repeats.`;
}
