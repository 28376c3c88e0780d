import {
  clearStatus,
  printLine,
  printStatus,
  progressBar,
} from '../../../client/headless/terminal/terminal.ts';
import type { LearningRun } from './learning-run.ts';
import type { RunProgress } from './outcome.ts';
import type { PlannedRun } from './plan-work.ts';
import { armLabel } from './report/row-text.ts';
import type { LearningRow } from './rows.ts';

/** How often a line is printed if there is no terminal. */
const LINE_EVERY_MS = 60_000;

/** Which run of how many, how far it is, and the time that all of them still take. */
export class BenchProgress {
  private readonly planned: readonly PlannedRun[];
  private readonly speeds: Speeds;
  private index = 0;
  private run: LearningRun | null = null;
  private startedAt = 0;
  private printedAt = 0;

  constructor(planned: readonly PlannedRun[], known: readonly LearningRow[]) {
    this.planned = planned;
    this.speeds = new Speeds(known);
  }

  /** How long all of them take, by the speed of those that are known; null if none is. */
  get secondsInAll(): number | null {
    const seconds = this.planned.reduce((sum, { run, macs }) => sum + macs / this.speeds.of(run.model), 0);
    return Number.isFinite(seconds) ? seconds : null;
  }

  /** @param run the run at this place, whose rate may not have been known before */
  begin(index: number, run: LearningRun): void {
    this.index = index;
    this.run = run;
    this.startedAt = performance.now();
    this.printedAt = this.startedAt;
    if (!process.stdout.isTTY) printLine(`${this.place} begins`);
  }

  readonly onProgress = ({ share, loss, macs }: RunProgress): void => {
    const now = performance.now();
    const current = this.planned[this.index];
    if (!current) return;
    this.speeds.see(current.run.model, macs, (now - this.startedAt) / 1_000);
    const left = this.secondsLeft(share);
    const line = `${this.place} ${progressBar(share, 10)} loss ${loss.toFixed(3)}, ${formatTime(left)} left in all`;
    printStatus(line);
    if (process.stdout.isTTY || now - this.printedAt < LINE_EVERY_MS) return;
    this.printedAt = now;
    printLine(line);
  };

  end(row: LearningRow): void {
    clearStatus();
    printLine(`${this.place}: ${describeRow(row)}`);
  }

  private get place(): string {
    return `${this.index + 1} of ${this.planned.length}, ${this.run ? describeRun(this.run) : ''}`;
  }

  private secondsLeft(share: number): number {
    return this.planned.slice(this.index).reduce((sum, { run, macs }, i) => {
      const left = i === 0 ? macs * (1 - share) : macs;
      return sum + left / this.speeds.of(run.model);
    }, 0);
  }
}

/** `61.20 % in 12 min` */
export const describeRow = ({ accuracy, failed, seconds }: LearningRow): string =>
  accuracy === null ? `failed: ${failed}` : `${(100 * accuracy).toFixed(2)} % in ${formatTime(seconds ?? 0)}`;

export const describeRun = ({ model, arm, plan, rate, seed, split }: LearningRun): string =>
  `${model} ${armLabel({ arm, plan: plan.name })} at ${rate} seed ${seed}${split === 'dev' ? ' (dev)' : ''}`;

/** Multiply-accumulates a second, by model: the speed depends on an architecture's layers. */
class Speeds {
  private readonly byModel = new Map<string, number>();

  constructor(rows: readonly LearningRow[]) {
    for (const { model, macs, seconds } of rows) if (macs && seconds) this.byModel.set(model, macs / seconds);
  }

  see(model: string, macs: number, seconds: number): void {
    if (macs > 0 && seconds > 0) this.byModel.set(model, macs / seconds);
  }

  /** The model's speed, or a mean of those that are known. */
  of(model: string): number {
    const speeds = [...this.byModel.values()];
    return this.byModel.get(model) ?? speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  }
}

/** `40 s`, `12 min`, `3 h 05 min`. */
export function formatTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
