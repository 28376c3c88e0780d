import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { errorText } from '../../shared/protocol/error-text.ts';

interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly gpu: string | null;
}

/** What a benchmark writes; it is the same for every benchmark, so that a program can compare runs. */
interface Report<Result> {
  readonly name: string;
  readonly machine: Machine;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly results: readonly Result[];
  /** Rows about where the time went, if the benchmark was asked for them. */
  readonly profiles?: readonly object[];
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function describeMachine(gpu: string | null = null): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    gpu,
  };
}

/** The median, because these machines are shared and a mean would follow the worst repeat. */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/** Columns as wide as their widest cell; the first is flush left, the others are flush right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map(line => (line[column] ?? '').length)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map(line => line.map(pad).join('  ')).join('\n');
}

/** Checked before the work, not after it. @throws with one line if the flag's file could not be written there */
export function assertWritable(path: string, flag = 'json'): void {
  if (path === '') throw new Error(`--${flag} takes a file's name`);
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch {
    throw new Error(`--${flag}: ${dirname(path)} is not a folder that can be written to`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`--${flag}: ${path} is a folder, not a file`);
}

export function writeReport<Result>(path: string, report: Report<Result>): void {
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * The command line's flags; a wrong one ends the program with one line and status 2.
 * @param help what `--help` prints. The program ends with it
 */
export function parseFlags<Options extends ParseArgsOptionsConfig>(options: Options, help: string) {
  // Whoever asks for help may have got another flag wrong.
  if (process.argv.slice(2).includes('--help')) {
    console.log(help);
    process.exit(0);
  }
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // The second line says how to write it, if a value begins with a dash.
    return refuseFlags(error instanceof Error ? error.message.split('\n').join(' ') : String(error));
  }
}

/** What `act` returns. What it throws ends the program with one line and status 2. */
export function orRefuse<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    return refuseFlags(errorText(error));
  }
}

export function refuseFlags(reason: string): never {
  console.error(reason.split('\n')[0]);
  process.exit(2);
}

/** A flag that counts something: a whole number from 1. */
export function parseCount(flag: string, value: string): number {
  return /^[1-9]\d{0,5}$/.test(value)
    ? Number(value)
    : refuseFlags(`--${flag} takes a whole number from 1 to 999999, got '${value}'`);
}
