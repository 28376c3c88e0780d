import { isPassing } from './call-platform.ts';

export const FIRST_RETRY_MS = 500;
export const LAST_RETRY_MS = 15_000;

/** Who waits for an answer, and how long it still wants one. */
export interface Waiting {
  /** Whether nobody wants the answer any more. */
  readonly isDone: () => boolean;
  /** Before each rest: why the last attempt failed. */
  readonly onRetry: (error: Error) => void;
  /** Resolves after so many ms, or sooner if the one who waits changes their mind. */
  readonly rest: (ms: number) => Promise<void>;
}

/**
 * Asks again, ever less often, while the platform cannot be reached or is overloaded. A refusal is final.
 * @returns null if nobody wants an answer any more
 */
export async function retryUntilReached<T>(
  { isDone, onRetry, rest }: Waiting,
  ask: () => Promise<T>,
): Promise<T | null> {
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (isDone()) return null;
      onRetry(error);
      await rest(retryMs);
      if (isDone()) return null;
    }
  }
}
