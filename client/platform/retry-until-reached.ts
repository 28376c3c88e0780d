import { backoffMs } from './backoff.ts';
import { askedAgainMs, isPassing } from './call-platform.ts';
import type { Backoff } from './time-limits.ts';

/** Who waits for a reply, and how long they still want one. */
export interface Waiting {
  /** The rests between attempts. */
  readonly backoff: Backoff;
  /** Whether nobody wants the reply any more. */
  readonly isDone: () => boolean;
  /** Before each rest: why the last attempt failed. */
  readonly onRetry: (error: Error) => void;
  /** Resolves after so many ms, or sooner if the one who waits changes their mind. */
  readonly rest: (ms: number) => Promise<void>;
}

/**
 * Asks again while the platform cannot be reached or is overloaded: ever less often, or when it says. A refusal is final.
 * @param random draws the rests, in [0, 1)
 * @returns null if nobody wants a reply any more
 */
export async function retryUntilReached<T>(
  { backoff, isDone, onRetry, rest }: Waiting,
  ask: () => Promise<T>,
  random: () => number = Math.random,
): Promise<T | null> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (isDone()) return null;
      onRetry(error);
      await rest(askedAgainMs(error) ?? backoffMs(failures, backoff, random()));
      if (isDone()) return null;
    }
  }
}

/**
 * The same, for somebody who wants to know why there is no reply.
 * @throws what the last attempt threw, a refusal or not
 */
export async function retryOrThrow<T>(waiting: Waiting, ask: () => Promise<T>): Promise<T> {
  let last: unknown;
  const got = await retryUntilReached(waiting, async () => {
    try {
      return { reply: await ask() };
    } catch (error) {
      last = error;
      throw error;
    }
  });
  if (!got) throw last;
  return got.reply;
}
