import { describe, expect, it } from 'vitest';
import type { TestResult } from '../../client/trainer/trainer-api.ts';
import { sharesOfProbabilities } from '../../client/web/try/exported/shares-of-probabilities.ts';
import { addResults, noResult } from '../../client/web/try/test/add-results.ts';
import { accuracyOf, classFigures } from '../../client/web/try/test/class-figures.ts';

const wrongAnswer = (index: number, share: number) => ({
  ...{ index, label: 0, said: { label: 1, share }, picture: new Uint8Array(1) },
});

const result = (confusion: readonly number[], wrong: TestResult['wrong'] = []): TestResult => ({
  examples: confusion.reduce((sum, count) => sum + count, 0),
  confusion: Uint32Array.from(confusion),
  unanswered: new Uint32Array(2),
  wrong,
});

describe('tests of parts', () => {
  it('add up, and keep the most confident mistakes of both', () => {
    const first = result([3, 1, 0, 4], [wrongAnswer(2, 0.6)]);
    const second = result([1, 2, 1, 0], [wrongAnswer(0, 0.9), wrongAnswer(1, 0.5)]);
    const both = addResults(addResults(noResult(2), first, 2), second, 2);
    expect(both.examples).toBe(12);
    expect([...both.confusion]).toEqual([4, 3, 1, 4]);
    expect(both.wrong.map(({ index }) => index)).toEqual([8, 2]);
    expect(accuracyOf(both)).toBeCloseTo(8 / 12);
  });

  it('of nothing have no accuracy', () => {
    expect(accuracyOf(noResult(3))).toBeNull();
  });
});

it('a class is told by its pictures, its right answers and its worst mistake; no answer is not right', () => {
  const found = { ...result([3, 1, 0, 4]), examples: 10, unanswered: Uint32Array.of(2, 0) };
  expect(classFigures(found)).toEqual([
    { label: 0, examples: 6, correct: 3, mistakenFor: 1 },
    { label: 1, examples: 4, correct: 4, mistakenFor: null },
  ]);
  expect(accuracyOf(found)).toBeCloseTo(0.7);
});

it('probabilities that were taken for logits are found again', () => {
  const probabilities = [0.7, 0.2, 0.1, 0];
  const sum = probabilities.reduce((total, p) => total + Math.exp(p), 0);
  const guesses = probabilities.map((p, label) => ({ label, share: Math.exp(p) / sum }));
  const found = sharesOfProbabilities(guesses).map(({ share }) => share);
  for (const [i, p] of probabilities.entries()) expect(found[i]).toBeCloseTo(p, 6);
});
