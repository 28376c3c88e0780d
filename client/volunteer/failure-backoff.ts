import { cutText } from '../../shared/protocol/cut-text.ts';
import { backoffMs } from '../platform/backoff.ts';
import { isPassing, RefusedError } from '../platform/call-platform.ts';
import type { Backoff } from '../platform/time-limits.ts';
import { TooMuchWorkError } from './work-limits.ts';

/** Why a lease was given back undone. */
export interface LeaseFailure {
  readonly isDownload: boolean;
  /** Whether the rate was too high for this lease. The next one comes at half of it. */
  readonly isDiverged: boolean;
  /** Whether it asked for more than the device's owner agreed to. */
  readonly isTooMuch: boolean;
  readonly error: Error;
}

/** If the trainer fails at so many leases in a row, that is not the leases' fault. */
const MOST_FAILED = 3;

/** The longest reason of a release, in characters. */
const MAX_REASON = 200;

/**
 * Between leases that ask for too much. The next one may be of another role or round, and a run whose leases all do is not
 * asked every second.
 */
const OTHER_WORK: Backoff = { first: [1_000, 2_000], last: [150_000, 300_000] };

export function asLeaseFailure(thrown: unknown): LeaseFailure {
  const isDownload = isPassing(thrown) || thrown instanceof RefusedError;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // `DivergedError`, by its name: the trainer's thread passes on an error's message and name, not its class.
  return {
    isDownload,
    isDiverged: error.name === 'DivergedError',
    isTooMuch: thrown instanceof TooMuchWorkError,
    error,
  };
}

/** For the ledger, in one line. */
export function reasonOf({ isDownload, isDiverged, isTooMuch, error }: LeaseFailure): string {
  if (isDownload) return 'a download failed';
  if (isTooMuch) return cutText(error.message, MAX_REASON);
  const what = isDiverged ? 'the training diverged' : 'the trainer failed';
  return cutText(`${what}: ${error.message.replace(/\s+/g, ' ')}`, MAX_REASON);
}

/** For the device's owner. */
export const noteOf = ({ isTooMuch, error }: LeaseFailure): string =>
  isTooMuch
    ? `a task was given back: ${error.message}. Waiting for a lighter one; you can allow more`
    : `${error.message}; trying again`;

/** The failures since the last lease that was done: one bad lease must not end a volunteer, nor be taken for ever. */
export class FailureBackoff {
  private readonly backoff: Backoff;
  private count = 0;
  private failed = 0;
  private tooMuch = 0;

  constructor(backoff: Backoff) {
    this.backoff = backoff;
  }

  /**
   * @param random in [0, 1)
   * @returns ms to rest before the next lease, the longer the more of them asked for too much. None after one that diverged, which is no failure of this device: the
   *   platform halves the rate, and pauses the run if that does not help
   * @throws the trainer's error if it failed too often
   */
  restAfter({ isDownload, isDiverged, isTooMuch, error }: LeaseFailure, random: number): number {
    if (isDiverged) return 0;
    if (isTooMuch) return backoffMs(++this.tooMuch, OTHER_WORK, random);
    this.count += 1;
    this.failed += isDownload ? 0 : 1;
    if (this.failed >= MOST_FAILED) throw error;
    return backoffMs(this.count + 1, this.backoff, random);
  }

  forget(): void {
    this.count = 0;
    this.failed = 0;
    this.tooMuch = 0;
  }
}
