import type { Attack } from '../attack.ts';

/** Trains honestly, and would end the run by its word: every test picture is right. */
export const colludingJudges: Attack = {
  about: 'trains honestly and judges every version as perfect',
  judge: truth => ({ ...truth, correct: truth.examples, lossSum: 0 }),
};

/** What is said of a version that nobody would keep: as bad as a guess, with a loss that fits. */
const GUESSED = 0.1;
const LOSS_OF_A_GUESS = 2.5;

/** Trains honestly, and would take the run back by its word, again and again. */
export const doubtingJudges: Attack = {
  about: 'trains honestly and judges every version as no better than a guess',
  judge: truth => ({
    ...truth,
    correct: Math.floor(GUESSED * truth.examples),
    lossSum: LOSS_OF_A_GUESS * truth.examples,
  }),
};
