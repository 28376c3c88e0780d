import type { RoundView } from '../protocol/run-view.ts';

/** So many of the last rounds are always shown. */
const LATEST_ROUNDS = 100;

/** At most so many of the older ones are. A chart has no room for more. */
const OLDER_ROUNDS = 100;

/**
 * [VIEW5] The last rounds, and of the older ones each so many-th. The step is a power of two. So if it grows with the
 * run, a round that is left out never comes back.
 */
export function thinRounds(rounds: readonly RoundView[]): RoundView[] {
  const older = Math.max(0, rounds.length - LATEST_ROUNDS);
  let step = 1;
  while (older > step * OLDER_ROUNDS) step *= 2;
  return rounds.filter(({ round }, i) => i >= older || round % step === 0);
}
