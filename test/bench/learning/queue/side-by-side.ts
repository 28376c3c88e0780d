import type { BenchRows } from '../../rows/bench-rows.ts';
import { StopSignal } from '../../rows/stop-signal.ts';
import { fieldsOf, keyOf, type LearningRun } from '../learning-run.ts';
import { describeRow, describeRun } from '../progress.ts';
import type { LearningRow } from '../rows.ts';
import type { Trainers } from '../settings/settings.ts';
import { type Item, isItemDone, runOf, whyHeldBack } from './entry.ts';
import { RunSide } from './run-side.ts';

interface Begun {
  readonly item: Item;
  readonly run: LearningRun;
}

/**
 * Several runs at once, each in a process of its own. A process that is free takes the first run whose rate is known.
 * Only this process adds rows.
 */
export class SideBySide {
  private readonly left: Item[];
  private readonly rows: BenchRows<LearningRow>;
  private readonly say: (line: string) => void;
  private readonly sides: readonly RunSide[];
  private readonly stop: StopSignal;
  /** Runs of two entries may be the same. */
  private readonly begun = new Set<string>();
  /** Runs in hand. What they end with may be the rate of others. */
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    items: readonly Item[],
    rows: BenchRows<LearningRow>,
    trainers: Trainers,
    say: (line: string) => void,
  ) {
    this.left = [...items];
    this.rows = rows;
    this.say = say;
    this.sides = Array.from({ length: trainers.processes }, () => new RunSide(trainers));
    this.stop = new StopSignal(say, () => this.close());
  }

  /** @throws Stopped if a signal came, and with the reason if the backend does not start */
  async toEnd(): Promise<void> {
    try {
      await Promise.all(this.sides.map(side => side.start()));
      await Promise.all(this.sides.map(side => this.work(side)));
    } finally {
      this.close();
    }
    for (const item of this.left) this.say(whyHeldBack(item, this.rows.of(item.entry)));
  }

  private async work(side: RunSide): Promise<void> {
    for (;;) {
      this.stop.check();
      const next = this.takeNext();
      if (next) await this.one(side, next);
      else if (this.inHand.size > 0) await Promise.race(this.inHand);
      else return;
    }
  }

  private takeNext(): Begun | null {
    for (const item of this.left) {
      const run = runOf(item, this.rows.of(item.entry));
      if (!run) continue;
      this.left.splice(this.left.indexOf(item), 1);
      const key = `${item.entry.out} ${keyOf(fieldsOf(run))}`;
      if (this.begun.has(key) || isItemDone(item, this.rows.of(item.entry))) return this.takeNext();
      this.begun.add(key);
      return { item, run };
    }
    return null;
  }

  private async one(side: RunSide, { item, run }: Begun): Promise<void> {
    this.say(`${describeRun(run)} begins`);
    const work = side.rowFor(run, item.entry.terms.dataset).then(row => {
      this.stop.check();
      this.rows.add(item.entry, row);
      this.say(`${describeRun(run)}: ${describeRow(row)}, ${this.left.length + this.inHand.size - 1} left`);
    });
    this.inHand.add(work);
    await work.finally(() => this.inHand.delete(work));
  }

  private close(): void {
    for (const side of this.sides) side.close();
  }
}
