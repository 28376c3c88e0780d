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

describe('[PUB8] fed-dyn', () => {
  const { init, apply } = outerOptimizers['fed-dyn'];
  /** Updates of 20 examples, of volunteers with 40. */
  const options = { rate: 1, participation: { examples: 20, allExamples: 40 } };

  test('adds the mean change and the share that all changes so far make of everyone’s examples', () => {
    const first = apply(Float32Array.of(1, 2), Float32Array.of(0.5, -1), init(2, options));
    // V = 20 · (0.5, −1); θ = (1, 2) + (0.5, −1) + V / 40
    expect(first.state.slots).toEqual({ moved: Float32Array.of(10, -20) });
    expect(first.weights).toEqual(Float32Array.of(1.75, 0.5));
    const second = apply(first.weights, Float32Array.of(-0.25, 1), first.state);
    expect(second.state.slots).toEqual({ moved: Float32Array.of(5, 0) });
    expect(second.weights).toEqual(Float32Array.of(1.75 - 0.25 + 0.125, 1.5));
  });

  test('takes no share above one: more examples than the volunteers seemed to have', () => {
    const few = { rate: 1, participation: { examples: 20, allExamples: 10 } };
    const { weights } = apply(Float32Array.of(0), Float32Array.of(1), init(1, few));
    expect(weights).toEqual(Float32Array.of(2));
  });

  test('stands still only if nobody moves and all moves together are none', () => {
    const none = Float32Array.of(0);
    expect(apply(Float32Array.of(3), none, init(1, options)).weights).toEqual(Float32Array.of(3));
    const moved = { ...init(1, options), slots: { moved: Float32Array.of(8) } };
    expect(apply(Float32Array.of(3), none, moved).weights).toEqual(Float32Array.of(3.2));
  });

  test('throws on a slot of another length', () => {
    const state = { ...init(1, options), slots: { moved: new Float32Array(2) } };
    expect(() => apply(new Float32Array(1), new Float32Array(1), state)).toThrow('a slot moved of 2 values');
  });
});
