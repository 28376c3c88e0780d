import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoundView } from '../../../shared/protocol/run-view.ts';
import { emptyRound } from '../../../shared/view/empty-view.ts';
import { thinRounds } from '../../../shared/view/thin-rounds.ts';
import { propertyRuns } from '../../support/extent.ts';

/** Rounds from 1 on, whose versions have these accuracies. */
const roundsOf = (accuracies: readonly (number | null)[]): RoundView[] =>
  accuracies.map((accuracy, i) => ({ ...emptyRound(i + 1, i + 1), accuracy }));

const someRounds = fc
  .array(fc.option(fc.integer({ min: 0, max: 50 })), { maxLength: 1_000, size: 'max' })
  .map(percents => roundsOf(percents.map(percent => percent && percent / 100)));

const numbersOf = (rounds: readonly RoundView[]): number[] => rounds.map(({ round }) => round);

test('[VIEW5] the last rounds and the best one are shown, and a hundred older ones at most', () => {
  fc.assert(
    fc.property(someRounds, rounds => {
      const shown = thinRounds(rounds);
      expect(shown.slice(-100)).toEqual(rounds.slice(-100));
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(shown).toEqual(rounds.filter(round => shown.includes(round)));
      const best = Math.max(...rounds.map(({ accuracy }) => accuracy ?? -1));
      if (best >= 0) expect(shown).toContain(rounds.find(({ accuracy }) => accuracy === best));
    }),
    { numRuns: propertyRuns(100) },
  );
});

test('[VIEW5] a round that is left out comes back only if it is the best', () => {
  const rounds = roundsOf(Array(1_000).fill(null));
  let shown = numbersOf(rounds);
  for (let count = 100; count <= rounds.length; count += 25) {
    const next = numbersOf(thinRounds(rounds.slice(0, count)));
    expect(shown).toEqual(expect.arrayContaining(next));
    shown = [...next, ...numbersOf(rounds.slice(count))];
  }
  // It was left out, and is tested late.
  const tested = rounds.map(round => (round.round === 333 ? { ...round, accuracy: 0 } : round));
  expect(numbersOf(thinRounds(rounds))).not.toContain(333);
  expect(numbersOf(thinRounds(tested))).toEqual([...shown, 333].sort((a, b) => a - b));
});
