import { isPlain, toOneLine } from '../../../shared/protocol/one-line.ts';
import { cutToWidth } from './text-width.ts';

/** Lines for people: a table that grows by one row a round, and below it a status line that is rewritten in place. */

export const isTerminal = process.stdout.isTTY === true;

/**
 * Prints a line that stays, above the status. Strangers have chosen some of the names in it, so nothing in it steers the
 * terminal.
 */
export function printLine(line: string): void {
  clearStatus();
  console.log(line.split('\n').map(toOneLine).join('\n'));
}

/** JSON for programs, in one line. It may be looked at in a terminal too, so what steers one is written as `\u001b`. */
export const toJsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, unit =>
    isPlain(unit) || /[\ud800-\udfff]/.test(unit)
      ? unit
      : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Tells what is being done now. Only a terminal gets this line, so that logs stay short. */
export function printStatus(line: string): void {
  if (!isTerminal) return;
  clearStatus();
  process.stdout.write(cutToWidth(toOneLine(line), (process.stdout.columns ?? 80) - 1));
}

export function clearStatus(): void {
  if (isTerminal) process.stdout.write('\r\x1b[2K');
}

/** `[████░░░░]`, as many cells long as is said. */
export function progressBar(share: number, cells = 20): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return `[${'█'.repeat(full)}${'░'.repeat(cells - full)}]`;
}

/** Bytes in units of a thousand, for example 12.3 kB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(2)} MB`;
}

export const formatPercent = (share: number | null): string =>
  share === null ? '…' : `${(100 * share).toFixed(1)} %`;
