import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averagesOf,
  keptInRound,
  movedShard,
  spansOf,
  valuesOf,
} from '../../../shared/aggregation/moving-average.ts';
import { elementCount, encodeSafetensors, type TensorSpec } from '../../../shared/codec/safetensors.ts';
import { layoutShards, writeShards } from '../../../shared/codec/shard-layout.ts';
import { propertyRuns } from '../../support/extent.ts';
import { createTinyModel } from '../../support/tiny-model.ts';

const batch = { batch: 32, epochs: 2 };

describe('what a round keeps of an average', () => {
  it('[PUB4] is the decay once for each local step of a lease, the last batch of an epoch counted', () => {
    expect(keptInRound(0.5, [64], batch)).toBe(0.5 ** 4);
    expect(keptInRound(0.5, [65], batch)).toBe(0.5 ** 6);
    expect(keptInRound(0.5, [1], { batch: 32, epochs: 1 })).toBe(0.5);
  });

  it('[PUB4] is of the mean lease if they differ', () => {
    expect(keptInRound(0.5, [10, 10, 100], { batch: 10, epochs: 1 })).toBe(0.5 ** 4);
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('of a decay of %d is %d', (decay, kept) => {
    expect(keptInRound(decay, [100], batch)).toBe(kept);
  });

  it('is near the power for any number of steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), steps => {
        const kept = keptInRound(0.995, [steps], { batch: 1, epochs: 1 });
        expect(Math.abs(kept / 0.995 ** steps - 1)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('a moving average', () => {
  it('[PUB4] moves with the segment it is of, and with no other', () => {
    const { outline } = createTinyModel([3, 10], { decay: 0.5 });
    expect(averagesOf(outline, ['segment-2']).map(({ id }) => id)).toEqual(['average-2']);
    expect(averagesOf(outline, ['segment-1', 'head-1'])).toEqual([]);
  });

  it('[PUB4] keeps of the old and takes of the new, rounded once to f32', () => {
    const shard = encodeSafetensors([
      { name: 'a', shape: [2], values: Float32Array.of(1, -2) },
      { name: 'b', shape: [1], values: Float32Array.of(0.1) },
    ]);
    const moved = movedShard(shard, Float32Array.of(3, 2, 0.7), 0.25);
    const third = Math.fround(0.25 * Math.fround(0.1) + 0.75 * Math.fround(0.7));
    expect(valuesOf(moved)).toEqual(Float32Array.of(2.5, 1, third));
    expect(moved.length).toBe(shard.length);
  });

  it('is not moved by weights of another length, nor if the shard is none', () => {
    const shard = encodeSafetensors([{ name: 'a', shape: [2], values: Float32Array.of(1, 2) }]);
    expect(() => movedShard(shard, new Float32Array(3), 0.5)).toThrow('3');
    expect(() => movedShard(shard, new Float32Array(1), 0.5)).toThrow();
    expect(() => movedShard(Uint8Array.of(1, 2, 3), new Float32Array(1), 0.5)).toThrow('does not decode');
  });

  it('finds its tensors in the shards of the whole segment, wherever those are cut', () => {
    const some = fc.record({ size: fc.constantFrom(1, 10, 240_000, 260_000, 510_000), taken: fc.boolean() });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), chosen => {
        const whole = chosen.map(({ size }, i): TensorSpec => ({ name: `t${i}`, shape: [size] }));
        const followed = whole.filter((_, i) => chosen[i]?.taken);
        // Each element is told from every other by its value.
        let next = 0;
        const tensors = whole.map(spec => ({
          ...spec,
          values: Float32Array.from({ length: elementCount(spec) }, () => next++),
        }));
        const files = writeShards(tensors, layoutShards(whole)).map(valuesOf);
        const wanted = writeShards(
          tensors.filter((_, i) => chosen[i]?.taken),
          layoutShards(followed),
        ).map(valuesOf);
        const found = spansOf(whole, followed).map(spans =>
          Float32Array.from(
            spans.flatMap(({ shard, from, elements }) => [
              ...(files[shard] ?? new Float32Array(0)).subarray(from, from + elements),
            ]),
          ),
        );
        expect(found.map(values => values.length)).toEqual(wanted.map(values => values.length));
        expect(found.every((values, i) => values.every((value, at) => value === wanted[i]?.[at]))).toBe(true);
      }),
      { numRuns: propertyRuns(8) },
    );
  });
});
