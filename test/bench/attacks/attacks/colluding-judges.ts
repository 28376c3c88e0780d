import type { Attack } from '../attack.ts';

/** Trains honestly, and would end the run by its word: every test picture is right. */
export const colludingJudges: Attack = {
  about: 'trains honestly and judges every version as perfect',
  judge: truth => ({ ...truth, correct: truth.examples, lossSum: 0 }),
};

/** The same, and independent of every version, since it trains none. So two of them can confirm each other's word. */
export const idleJudges: Attack = {
  ...colludingJudges,
  about: 'gives training leases back and judges every version as perfect',
  isIdleIn: () => true,
};

/** Independent of every second version, and trusted for what it trained of the others. */
export const restingJudges: Attack = {
  ...colludingJudges,
  about: 'trains honestly in every second round, and judges every version as perfect',
  isIdleIn: round => round % 2 === 0,
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

/** The same, and independent of every version. */
export const idleDoubters: Attack = {
  ...doubtingJudges,
  about: 'gives training leases back and judges every version as no better than a guess',
  isIdleIn: () => true,
};
