import { expect, it } from 'vitest';
import { evaluationBatch } from '../../../client/trainer/lease/evaluate-model.ts';

it.each([
  [1, 4],
  [8, 32],
  [32, 128],
  [256, 128],
])('evaluates a device’s %i training examples’ worth of memory on %i at once', (microBatch, atOnce) => {
  expect(evaluationBatch({ microBatch })).toBe(atOnce);
});
