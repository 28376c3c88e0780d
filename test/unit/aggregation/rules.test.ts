import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeasuredUpdate } from '../../../shared/aggregation/aggregation-rule.ts';
import { meanOf } from '../../../shared/aggregation/exact-sum.ts';
import type { FoldUnit } from '../../../shared/aggregation/fold-units.ts';
import { addUpdate, emptySums, mergePartialSums } from '../../../shared/aggregation/partial-sums.ts';
import { aggregationRules } from '../../../shared/aggregation/rules.ts';
import { updateNorm } from '../../../shared/aggregation/update-norm.ts';
import { aggregationNames } from '../../../shared/protocol/aggregation-spec.ts';
import { unwrap } from '../codec/arbitraries.ts';

interface Update {
  readonly values: readonly number[];
  readonly weight: number;
}

const unit: FoldUnit = {
  segment: 'segment-1',
  shard: 0,
  pieces: [{ kind: 'learnt', tensor: 0, offset: 0, elements: 2 }],
  elements: 2,
  statistics: 0,
};

const anyUpdate: fc.Arbitrary<Update> = fc.record({
  values: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 2 }),
  weight: fc.integer({ min: 1, max: 100 }),
});
const anyRounds = fc.array(fc.array(anyUpdate, { maxLength: 6 }), { maxLength: 5 });

const tensorsOf = ({ values }: Update): Float32Array[] => [Float32Array.from(values)];

describe.each(aggregationNames)('rule %s', name => {
  const rule = aggregationRules[name];
  const measure = (update: Update): MeasuredUpdate => {
    const changes = tensorsOf(update);
    return { weight: update.weight, facts: rule.measure({ norm: updateNorm(changes) }) };
  };
  /** As it is stored between rounds. */
  const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

  test('weighs an update alone as it weighs it among the others, or says that it cannot', () => {
    fc.assert(
      fc.property(anyRounds, fc.array(anyUpdate, { minLength: 1, maxLength: 6 }), (before, round) => {
        const memory = before.reduce(
          (kept, updates) => stored(rule.remember(kept, updates.map(measure))),
          rule.firstMemory,
        );
        const measured = round.map(measure);
        const together = rule.weigh(measured, memory);
        expect(together).toHaveLength(measured.length);
        const weigh = rule.weighAlone(memory);
        if (weigh) expect(measured.map(update => weigh(update))).toEqual(together);
      }),
    );
  });

  test('gives weighings that the exact sum takes, whatever was measured', () => {
    fc.assert(
      fc.property(anyRounds, rounds => {
        let memory = rule.firstMemory;
        for (const updates of rounds) {
          const measured = updates.map(measure);
          const weighings = rule.weigh(measured, memory);
          let sums = emptySums([unit]);
          updates.forEach((update, i) => {
            const weighing = weighings[i];
            if (!weighing) throw new Error('one weighing an update');
            sums = addUpdate(sums, tensorsOf(update), weighing);
          });
          memory = stored(rule.remember(memory, measured));
        }
      }),
    );
  });

  test('[ROUND9] asks for no order of updates, neither when it weighs them nor when it remembers', () => {
    const rounds = fc
      .array(fc.array(anyUpdate, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })
      .chain(inOrder =>
        fc.tuple(
          fc.constant(inOrder),
          fc.tuple(...inOrder.map(updates => fc.shuffledSubarray(updates, { minLength: updates.length }))),
        ),
      );
    fc.assert(
      fc.property(rounds, ([inOrder, shuffled]) => {
        let [memory, other] = [rule.firstMemory, rule.firstMemory];
        for (const [i, updates] of inOrder.entries()) {
          const [one, two] = [updates, shuffled[i] ?? []];
          const weighed = new Map(rule.weigh(one.map(measure), memory).map((w, n) => [one[n], w]));
          expect(rule.weigh(two.map(measure), other)).toEqual(two.map(update => weighed.get(update)));
          memory = stored(rule.remember(memory, one.map(measure)));
          other = stored(rule.remember(other, two.map(measure)));
        }
      }),
    );
  });

  test('does not read facts and memory that are not its own', () => {
    expect(() => rule.weigh([{ weight: 1, facts: 'loud' }], rule.firstMemory)).toThrow();
    expect(() => rule.remember('nothing', [])).toThrow();
  });
});

describe('mean', () => {
  test('weighs by samples: (1·[1,2] + 3·[5,−2]) / 4 = [4,−1]', () => {
    const one = addUpdate(emptySums([unit]), [Float32Array.of(1, 2)], { weight: 1, scale: 1 });
    const [sum] = addUpdate(one, [Float32Array.of(5, -2)], { weight: 3, scale: 1 });
    expect(sum && meanOf(sum.sum)).toEqual(Float32Array.of(4, -1));
  });

  test('weighs every update as it came, whatever its size', () => {
    const { mean } = aggregationRules;
    const updates = [1, 30].map(norm => ({ weight: 7, facts: mean.measure({ norm }) }));
    expect(mean.weigh(updates, mean.firstMemory)).toEqual(Array(2).fill({ weight: 7, scale: 1 }));
  });
});

describe('clipped-mean', () => {
  const rule = aggregationRules['clipped-mean'];
  const withNorms = (...norms: number[]): MeasuredUpdate[] =>
    norms.map(norm => ({ weight: 10, facts: rule.measure({ norm }) }));
  const scales = (updates: MeasuredUpdate[], memory: unknown): number[] =>
    rule.weigh(updates, memory).map(({ scale }) => scale);
  const memoryAfter = (...rounds: number[][]): unknown =>
    rounds.reduce((memory, norms) => rule.remember(memory, withNorms(...norms)), rule.firstMemory);

  test('scales what is longer than the median norm of the rounds before, and leaves the rest', () => {
    expect(scales(withNorms(5, 0.5, 1), memoryAfter([1], [1, 1]))).toEqual([0.2, 1, 1]);
  });

  test('takes the median of the round itself before any is remembered, and weighs nothing alone then', () => {
    expect(scales(withNorms(1, 2, 8), rule.firstMemory)).toEqual([1, 1, 0.25]);
    expect(rule.weighAlone(rule.firstMemory)).toBeNull();
    expect(rule.weighAlone(memoryAfter([1]))).not.toBeNull();
  });

  test('forgets all but the last three rounds', () => {
    expect(scales(withNorms(4), memoryAfter([100, 100, 100], [2], [2], [2]))).toEqual([0.5]);
    expect(memoryAfter([1], [2], [3], [4])).toEqual({ norms: [[2], [3], [4]] });
  });

  test('keeps an update of exactly that norm to the bit, and makes nothing of all if it is zero', () => {
    expect(scales(withNorms(5), memoryAfter([5]))).toEqual([1]);
    expect(scales(withNorms(3), memoryAfter([0]))).toEqual([0]);
  });
});

describe('partial sums', () => {
  test('of several cohorts merge to the sum of one', () => {
    const weighing = { weight: 2, scale: 0.5 };
    const update = [Float32Array.of(1, -3)];
    const [a] = addUpdate(emptySums([unit]), update, weighing);
    const [b] = addUpdate(emptySums([unit]), [Float32Array.of(0.25, 8)], weighing);
    const [both] = addUpdate(
      addUpdate(emptySums([unit]), update, weighing),
      [Float32Array.of(0.25, 8)],
      weighing,
    );
    if (!a || !b || !both) throw new Error('one unit');
    expect(unwrap(mergePartialSums(a, b))).toEqual(both);
  });

  test.each([0, 1e-4])('leave an update of weight %d out, and do not count it', weight => {
    const sums = emptySums([unit]);
    expect(addUpdate(sums, [Float32Array.of(1, 1)], { weight, scale: 1 })).toEqual(emptySums([unit]));
  });

  test('never take what the exact sum refuses', () => {
    const loud = [Float32Array.of(1_000, 0)];
    expect(() => addUpdate(emptySums([unit]), loud, { weight: 1, scale: 1 })).toThrow('out-of-range');
  });
});
