import type { Backoff } from './time-limits.ts';

/**
 * How long to rest after so many failures in a row. The range of the rest doubles with each of them, up to the last one.
 * "Equal jitter" (AWS Architecture Blog, "Exponential Backoff and Jitter"): the shortest rest is certain, and what comes on
 * top is drawn, so that clients that failed together do not come back together.
 * @param failures from 1
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, { first, last }: Backoff, random: number): number {
  const growth = 2 ** (failures - 1);
  const shortest = Math.min(last[0], first[0] * growth);
  const longest = Math.min(last[1], first[1] * growth);
  return shortest + (longest - shortest) * random;
}
