import { rest } from './rest.ts';
import { retryOrThrow } from './retry-until-reached.ts';
import type { TimeLimits } from './time-limits.ts';

/**
 * Makes a call that a person waits for: again and again if the platform is away or busy, but not for ever.
 * @param onRetry called before each rest with what went wrong
 * @throws what the last attempt threw
 */
export function retryForAWhile<T>(
  { callRetry, personMs }: Pick<TimeLimits, 'callRetry' | 'personMs'>,
  ask: () => Promise<T>,
  onRetry: (error: Error) => void = () => {},
): Promise<T> {
  const end = performance.now() + personMs;
  const waiting = {
    backoff: callRetry,
    isDone: () => performance.now() >= end,
    onRetry,
    rest: (ms: number) => rest(Math.min(ms, Math.max(0, end - performance.now()))),
  };
  return retryOrThrow(waiting, ask);
}
