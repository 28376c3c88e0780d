import type { TestResult } from '../../../trainer/trainer-api.ts';

/** What a test of no pictures finds. */
export const noResult = (classes: number): TestResult => ({
  examples: 0,
  confusion: new Uint32Array(classes * classes),
  unanswered: new Uint32Array(classes),
  wrong: [],
});

/** Both tests as one. Of the wrongly answered pictures, the most confident are kept; their numbers go on from the first test's. */
export const addResults = (a: TestResult, b: TestResult, mostWrong: number): TestResult => ({
  examples: a.examples + b.examples,
  confusion: a.confusion.map((count, i) => count + (b.confusion[i] ?? 0)),
  unanswered: a.unanswered.map((count, i) => count + (b.unanswered[i] ?? 0)),
  wrong: [...a.wrong, ...b.wrong.map(answer => ({ ...answer, index: a.examples + answer.index }))]
    .toSorted((one, other) => other.said.share - one.said.share)
    .slice(0, mostWrong),
});
