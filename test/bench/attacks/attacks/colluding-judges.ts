import type { Attack } from '../attack.ts';

/** Trains honestly, and ends the run by its own word: every test picture is right. */
export const colludingJudges: Attack = {
  about: 'trains honestly and judges every version as perfect',
  judge: truth => ({ ...truth, correct: truth.examples, lossSum: 0 }),
};
