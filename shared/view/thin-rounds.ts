import type { RoundView } from '../protocol/run-view.ts';

/** So many of the last rounds are always shown. */
const LATEST_ROUNDS = 100;

/** At most so many of the older ones are. A chart has no room for more. */
const OLDER_ROUNDS = 100;

/**
 * [VIEW5] The last rounds, and of the older ones the best one and each so many-th. The step is a power of two. So if it
 * grows with the run, few rounds that are left out come back: only one whose version turns out to be the best.
 */
export function thinRounds(rounds: readonly RoundView[]): RoundView[] {
  const older = Math.max(0, rounds.length - LATEST_ROUNDS);
  let step = 1;
  // The best one has a place of its own.
  while (older > step * (OLDER_ROUNDS - 1)) step *= 2;
  const best = bestRound(rounds);
  return rounds.filter((round, i) => i >= older || round === best || round.round % step === 0);
}

/** The round whose version has the best accuracy, the first of several. Null if none was tested. */
function bestRound(rounds: readonly RoundView[]): RoundView | null {
  let best: RoundView | null = null;
  for (const round of rounds)
    if (round.accuracy !== null && round.accuracy > (best?.accuracy ?? -1)) best = round;
  return best;
}
