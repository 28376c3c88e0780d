import { writeFileSync } from 'node:fs';
import { printLine } from '../../client/headless/terminal/terminal.ts';
import { hasData, loadAttackData } from './attacks/attack-data.ts';
import { askedRows } from './attacks/report/asked-rows.ts';
import { boardsOf } from './attacks/report/board.ts';
import { describeFailures } from './attacks/report/failures.ts';
import { formatGoals } from './attacks/report/goals.ts';
import { drawHeatMap } from './attacks/report/heat-map.ts';
import { formatBoards } from './attacks/report/table.ts';
import { attackRows } from './attacks/rows.ts';
import { runCells } from './attacks/run-cells.ts';
import { ATTACK_FLAGS } from './attacks/settings/attack-flags.ts';
import { type AttackSettings, readSettings } from './attacks/settings/settings.ts';
import { USAGE } from './attacks/settings/usage.ts';
import { assertWritable, describeMachine, orRefuse, parseFlags, writeReport } from './report.ts';
import { BenchRows } from './rows/bench-rows.ts';

/** The scoreboard: what each attack costs under each aggregation rule. */

const flags = parseFlags(ATTACK_FLAGS, USAGE);
const settings = withData(orRefuse(() => readSettings(flags)));
orRefuse(assertAllWritable);
const status = settings.isReportOnly ? null : await runMissing();
if (status === null) report();
process.exitCode = status ?? 0;

/** Glyphs are drawn, so they are always there. */
function withData(read: AttackSettings): AttackSettings {
  const { data } = read.grid;
  if (hasData(data)) return read;
  printLine(`THERE IS NO ${data} in ../shared/data: the runs take the built-in glyphs INSTEAD.`);
  const out = read.out.replace(`attacks-${data}`, 'attacks-glyphs');
  return { ...readSettings({ ...flags, data: 'glyphs' }), out };
}

function assertAllWritable(): void {
  const { out, plot, json } = settings;
  for (const [flag, path] of Object.entries({ out, plot, json }))
    if (path !== null) assertWritable(path, flag);
}

/** @returns the status with which the program ends if a signal stopped it */
async function runMissing(): Promise<number | null> {
  const { grid, cells } = settings;
  const rows = orRefuse(() => BenchRows.open(attackRows, [settings], printLine));
  return await runCells(cells, settings, rows, await loadAttackData(grid.data), printLine);
}

/** Of all rows of the file, or of those that the flags ask for if there is nothing but a report. */
function report(): void {
  const { out, plot, json, grid } = settings;
  const { all } = orRefuse(() => BenchRows.read(attackRows, [settings], printLine));
  const rows = settings.isReportOnly ? askedRows(all, flags, grid) : all;
  const boards = boardsOf(rows);
  printLine(`\n${formatBoards(boards)}\n\n${formatGoals(rows)}`);
  for (const line of describeFailures(rows)) printLine(line);
  if (plot !== null) writeFileSync(plot, drawHeatMap(boards));
  if (json !== null)
    writeReport(json, {
      ...{ name: 'attacks', machine: describeMachine(), settings: { ...grid, out }, results: rows },
    });
}
