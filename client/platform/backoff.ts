import type { Backoff } from './time-limits.ts';

/**
 * How long to rest after so many failures in a row: the longest rest doubles with each of them, up to the last. "Equal
 * jitter" (AWS Architecture Blog, "Exponential Backoff and Jitter"): half of it is certain, and the other half is drawn,
 * so that clients that failed together do not come back together.
 * @param failures from 1
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, { firstMs, lastMs }: Backoff, random: number): number {
  const longest = Math.min(lastMs, firstMs * 2 ** (failures - 1));
  return (longest * (1 + random)) / 2;
}
