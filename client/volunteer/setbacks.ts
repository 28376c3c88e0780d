import { isPassing, RefusedError } from './call-platform.ts';
import { FIRST_RETRY_MS, LAST_RETRY_MS } from './until-reached.ts';

/** Why a lease was given back undone. */
export interface Setback {
  readonly isDownload: boolean;
  readonly error: Error;
}

/** So many leases in a row that the trainer fails at are not the leases' fault. */
const MOST_FAILED = 3;

/** Of a release's reason. */
const MAX_REASON = 200;

export function asSetback(thrown: unknown): Setback {
  const isDownload = isPassing(thrown) || thrown instanceof RefusedError;
  return { isDownload, error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
}

/** For the ledger, in one line. */
export const reasonOf = ({ isDownload, error }: Setback): string =>
  isDownload
    ? 'a download failed'
    : `the trainer failed: ${error.message.replace(/\s+/g, ' ')}`.slice(0, MAX_REASON);

/** The setbacks since the last lease that was done: one bad lease must not end a volunteer, nor be taken for ever. */
export class Setbacks {
  private count = 0;
  private failed = 0;

  /**
   * @returns ms to rest before the next lease
   * @throws the trainer's error where it failed too often
   */
  restAfter({ isDownload, error }: Setback): number {
    this.count += 1;
    this.failed += isDownload ? 0 : 1;
    if (this.failed >= MOST_FAILED) throw error;
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.count);
  }

  forget(): void {
    this.count = 0;
    this.failed = 0;
  }
}
