import type { Statistic } from '../protocol/statistic.ts';

/** In a round a variance grows or shrinks by this factor at most. Honest ones do so in the first rounds only, if at all. */
const LARGEST_FACTOR = 16;

/** What batch norm adds to a variance before it divides by its root. A smaller variance says nothing of the scale. */
const EPSILON = 1e-3;

const bounds: Readonly<Record<Statistic, (old: number) => readonly [number, number]>> = {
  mean: old => {
    const most = LARGEST_FACTOR * Math.max(1, Math.abs(old));
    return [-most, most];
  },
  variance: old => [old / LARGEST_FACTOR, LARGEST_FACTOR * Math.max(EPSILON, old)],
};

/**
 * [PUB5] What becomes of a statistic that was this and is observed as that. If a round has one update only, nothing else
 * holds it back; and where honest volunteers start from a variance that is a million times too large, their own is wrong
 * for many rounds.
 */
export function boundStatistics(
  statistic: Statistic,
  old: Float32Array,
  observed: Float32Array,
): Float32Array {
  const boundsOf = bounds[statistic];
  return observed.map((value, i) => {
    const [least, most] = boundsOf(old[i] as number);
    return Math.min(most, Math.max(least, value));
  });
}
