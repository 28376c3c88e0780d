import { setImmediate } from 'node:timers/promises';
import { clearStatus, printStatus, progressBar } from '../../../client/headless/terminal/terminal.ts';
import { formatTime } from '../learning/progress.ts';
import type { BenchRows } from '../rows/bench-rows.ts';
import { Stopped, StopSignal } from '../rows/stop-signal.ts';
import { Arena } from './arena/arena.ts';
import type { AttackData } from './attack-data.ts';
import { type Cell, fieldsOf, keyOf } from './cell.ts';
import { cleanOf } from './cells.ts';
import { type AttackRow, failedRow, isDone, rowOf } from './rows.ts';

type Say = (line: string) => void;

/** How often a line is printed if there is no terminal. */
const LINE_EVERY_MS = 60_000;
const MICRO = 1e6;

/** The file of rows. */
export interface CellFile {
  readonly out: string;
}

/**
 * Does every cell that has no row yet, one after the other, and adds its row when it is done.
 * @returns the status of a shell if a signal stopped it; else null
 */
export async function runCells(
  cells: readonly Cell[],
  file: CellFile,
  rows: BenchRows<AttackRow>,
  data: AttackData,
  say: Say,
): Promise<number | null> {
  const left = cells.filter(cell => !isKnown(cell, file, rows));
  if (left.length < cells.length)
    say(`${cells.length - left.length} of ${cells.length} cells are done already.`);
  const stop = new StopSignal(say);
  const progress = new CellProgress(left.length, say);
  for (const [index, cell] of left.entries())
    try {
      progress.tell(index, cell);
      const clean = rows.of(file).get(keyOf(fieldsOf(cleanOf(cell))));
      rows.add(file, await runCell(cell, data, clean?.accuracy ?? null, stop));
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      say(
        `Stopped: ${left.length - index} cells are left. The same command goes on; the cell in hand begins anew.`,
      );
      return error.status;
    }
  clearStatus();
  return null;
}

function isKnown(cell: Cell, file: CellFile, rows: BenchRows<AttackRow>): boolean {
  const row = rows.of(file).get(keyOf(fieldsOf(cell)));
  return row !== undefined && isDone(row);
}

/** A run that fails is reported in its row. @throws Stopped if that is what ended it */
async function runCell(
  cell: Cell,
  data: AttackData,
  clean: number | null,
  stop: StopSignal,
): Promise<AttackRow> {
  const before = process.cpuUsage();
  try {
    const outcome = await new Arena(cell, data).toEnd(async () => {
      // Without this no signal would be heard while cells run.
      await setImmediate();
      stop.check();
    });
    const { user, system } = process.cpuUsage(before);
    return rowOf(cell, outcome, clean, (user + system) / MICRO);
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return failedRow(cell, error);
  }
}

/** Which cell of how many, and the time that all of them still take. */
class CellProgress {
  private readonly cells: number;
  private readonly say: Say;
  private readonly startedAt = performance.now();
  private saidAt = this.startedAt;

  constructor(cells: number, say: Say) {
    this.cells = cells;
    this.say = say;
  }

  tell(index: number, cell: Cell): void {
    const now = performance.now();
    const left = index === 0 ? '' : `, ${formatTime(this.secondsLeft(index, now))} left`;
    const line = `${progressBar(index / this.cells, 10)} ${index + 1} of ${this.cells}${left}: ${nameOf(cell)}`;
    printStatus(line);
    if (process.stdout.isTTY || now - this.saidAt < LINE_EVERY_MS) return;
    this.saidAt = now;
    this.say(line);
  }

  private secondsLeft(done: number, now: number): number {
    return ((now - this.startedAt) / 1_000 / done) * (this.cells - done);
  }
}

function nameOf(cell: Cell): string {
  const { attack, rule, hostile, volunteers, partition, seed } = fieldsOf(cell);
  return `${attack} on ${rule}, ${hostile} of ${volunteers}, ${partition}, seed ${seed}`;
}
