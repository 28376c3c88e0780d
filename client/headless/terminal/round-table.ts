import { tasksByRound } from '../../../shared/plan/plan-tasks.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RoundView, RunView } from '../../../shared/protocol/run-view.ts';
import { atWorkAs } from '../../../shared/view/at-work-in.ts';
import { runProgress } from '../../../shared/view/run-progress.ts';
import { whyWaiting } from '../../../shared/view/why-waiting.ts';
import { rolesInOrder } from '../../host/role-order.ts';
import { fitColumns, headOf, type LaidColumn, rowInWords, rowOf, terminalRoom } from './table-layout.ts';
import { formatBytes, formatPercent, printLine, printStatus, progressBar } from './terminal.ts';

/**
 * Rows come one by one, so nobody knows the longest cell. A longer one goes on in the next line. The least widths are for
 * a terminal of 80 cells.
 * @param roles the most roles that train in one round; the columns have room for two anyway
 */
const columnsFor = (roles: number): readonly LaidColumn[] => [
  { title: 'round', width: 5, least: 5 },
  { title: 'time', width: 7, least: 7 },
  { title: 'updates', width: 32 + '2 segment-2, '.length * Math.max(0, roles - 2), least: 10 },
  { title: 'train loss', width: 15 + '0.000 / '.length * Math.max(0, roles - 2), least: 13 },
  { title: 'test accuracy', width: 13, least: 8 },
  { title: 'up', width: 9, least: 8 },
  { title: 'down', width: 9, least: 8 },
  { title: 'refused', width: 7, least: 7 },
];

/**
 * The live table of a run has one row a round. A row is printed when its version, or a later one, has been evaluated.
 */
export class RoundTable {
  private readonly columns: readonly LaidColumn[];
  /** Null if this terminal is too narrow for a table. */
  private readonly fitted: readonly LaidColumn[] | null;
  /** The last round that was printed. */
  private printed = 0;

  /** @param room the cells in a line */
  constructor({ spec, model }: Pick<RunInfo, 'spec' | 'model'>, room = terminalRoom()) {
    let most = 0;
    for (const [, tasks] of tasksByRound(spec, model)) most = Math.max(most, tasks.length);
    this.columns = columnsFor(most);
    this.fitted = fitColumns(this.columns, room);
  }

  start(): void {
    if (this.fitted) printLine(headOf(this.fitted));
  }

  /** Prints the rounds that are settled in this view. Once the run is over, `all` are. */
  update(view: RunView, all = false): void {
    const settled = view.rounds.findLast(({ accuracy }) => accuracy !== null)?.round ?? 0;
    const until = all ? Number.POSITIVE_INFINITY : settled;
    for (const round of view.rounds) {
      if (round.round <= this.printed || round.round > until) continue;
      printLine(this.format(toCells(round, view.openedAt ?? round.at)));
      this.printed = round.round;
    }
  }

  private format(cells: readonly string[]): string {
    return this.fitted ? rowOf(this.fitted, cells) : rowInWords(this.columns, cells);
  }
}

/** Tells in one line which round it is and how many volunteers do what, or what the run waits for. */
export function showStatus(view: RunView, spec: RunSpec, now: number): void {
  const count = (role: Role): number => atWorkAs(view, role);
  const counts = rolesInOrder.filter(count).map(role => `${count(role)} ${role}`);
  const { done, rounds, working } = runProgress(view, spec.rounds);
  const doing = whyWaiting(view, spec, now) ?? (counts.join(', ') || 'nobody at work');
  const round = working === null ? 'testing the last version' : `round ${working} of ${rounds}`;
  printStatus(`${progressBar(done / rounds)} ${round} · ${doing}`);
}

function toCells(round: RoundView, openedAt: number): string[] {
  const { updates, late = 0, loss, fallback = {} } = round;
  const countOf = (role: Role): string =>
    `${updates[role]} ${role}${fallback[role] ? ` by ${fallback[role]}` : ''}`;
  const present = rolesInOrder.filter(role => (updates[role] ?? 0) > 0);
  return [
    String(round.round),
    `${((round.at - openedAt) / 1_000).toFixed(1)} s`,
    round.weightsOf === undefined
      ? [...present.map(countOf), ...(late > 0 ? [`${late} late`] : [])].join(', ')
      : `back to version ${round.weightsOf}`,
    present.map(role => loss[role]?.toFixed(3) ?? '–').join(' / '),
    formatPercent(round.accuracy) + (round.unconfirmed ? ' ?' : ''),
    formatBytes(round.bytesUp),
    formatBytes(round.bytesDown),
    String(round.refused),
  ];
}
