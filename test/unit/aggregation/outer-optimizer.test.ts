import { describe, expect, test } from 'vitest';
import { outerOptimizers } from '../../../shared/aggregation/outer-optimizer.ts';

describe.each(Object.entries(outerOptimizers))('outer optimizer %s', (_, optimizer) => {
  test('returns new weights and leaves its arguments alone', () => {
    const weights = Float32Array.of(1, 2);
    const aggregate = Float32Array.of(0.5, -0.5);
    const state = optimizer.init(2, { rate: 1 });
    const before = structuredClone(state);
    const step = optimizer.apply(weights, aggregate, state);
    expect(step.weights).not.toBe(weights);
    expect([...weights, ...aggregate]).toEqual([1, 2, 0.5, -0.5]);
    expect(state).toEqual(before);
  });

  test('throws on arrays of other lengths than its state', () => {
    const state = optimizer.init(2, { rate: 1 });
    expect(() => optimizer.apply(new Float32Array(2), new Float32Array(3), state)).toThrow('elements');
    expect(() => optimizer.apply(new Float32Array(3), new Float32Array(2), state)).toThrow('elements');
  });
});

describe('sgd', () => {
  const { init, apply } = outerOptimizers.sgd;

  test('with rate 1 adds the aggregate: FedAvg', () => {
    const { weights } = apply(Float32Array.of(1, 2), Float32Array.of(0.5, -3), init(2, { rate: 1 }));
    expect(weights).toEqual(Float32Array.of(1.5, -1));
  });

  test('with rate 0.5 goes half the way', () => {
    const { weights } = apply(Float32Array.of(1, 2), Float32Array.of(0.5, -3), init(2, { rate: 0.5 }));
    expect(weights).toEqual(Float32Array.of(1.25, 0.5));
  });
});
