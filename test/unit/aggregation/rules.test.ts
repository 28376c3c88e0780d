import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeasuredUpdate, Weighing } from '../../../shared/aggregation/aggregation-rule.ts';
import { meanOf } from '../../../shared/aggregation/exact-sum.ts';
import { addUpdate, emptySums } from '../../../shared/aggregation/partial-sums.ts';
import { aggregationRules, ruleOf } from '../../../shared/aggregation/rules.ts';
import { updateNorm } from '../../../shared/aggregation/update-norm.ts';
import { aggregationNames, robustSchema } from '../../../shared/protocol/aggregation-spec.ts';
import { unit } from './small-unit.ts';

interface Update {
  readonly values: readonly number[];
  readonly weight: number;
}

const anyUpdate: fc.Arbitrary<Update> = fc.record({
  values: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 2 }),
  weight: fc.integer({ min: 1, max: 100 }),
});
const anyRounds = fc.array(fc.array(anyUpdate, { maxLength: 6 }), { maxLength: 5 });

const tensorsOf = ({ values }: Update): Float32Array[] => [Float32Array.from(values)];

const robust = robustSchema.parse({});
const tableRules = aggregationNames.map(name => ({ name, rule: ruleOf({ aggregation: name, robust }) }));
const olderRule = ruleOf({
  aggregation: 'clipped-mean',
  robust: robustSchema.parse({ clip: 'three-rounds' }),
});
const allRules = [...tableRules, { name: 'clipped-mean of an older run', rule: olderRule }];

const sha256 = 'a'.repeat(64);
/** As it is stored between rounds. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe.each(allRules)('what rule $name remembers', ({ rule }) => {
  const measure = (update: Update): MeasuredUpdate => {
    const norm = updateNorm(tensorsOf(update));
    return { weight: update.weight, facts: rule.measure({ norm, sha256 }) };
  };

  test('[ROUND9] is the same in any order of updates, and survives storage', () => {
    const rounds = fc.array(fc.array(anyUpdate, { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(rounds, inOrder => {
        let [memory, other] = [rule.firstMemory, rule.firstMemory];
        for (const updates of inOrder) {
          memory = stored(rule.remember(memory, updates.map(measure)));
          other = rule.remember(other, updates.toReversed().map(measure));
        }
        expect(rule.scale?.of(memory)).toEqual(rule.scale?.of(other));
        const again = rule.remember(memory, []);
        expect(stored(again)).toEqual(again);
      }),
    );
  });

  test('reaches no further back than it says, but for a scale, which the ledger tells', () => {
    const rounds = fc.array(fc.array(anyUpdate, { minLength: 1, maxLength: 4 }), {
      minLength: rule.memoryRounds,
      maxLength: rule.memoryRounds + 6,
    });
    fc.assert(
      fc.property(rounds, all => {
        // As a replay that begins late: before each round it takes the scale from the ledger.
        const late = all.length - rule.memoryRounds;
        let [memory, begun] = [rule.firstMemory, rule.firstMemory];
        for (const [round, updates] of all.entries()) {
          if (round >= late) {
            if (rule.scale) begun = rule.scale.with(begun, rule.scale.of(memory));
            begun = rule.remember(begun, updates.map(measure));
          }
          memory = rule.remember(memory, updates.map(measure));
        }
        expect(begun).toEqual(memory);
      }),
    );
  });

  test('is not read from facts and memory that are not its own', () => {
    expect(() => rule.remember(rule.firstMemory, [{ weight: 1, facts: 'loud' }])).toThrow();
    expect(() => rule.remember('nothing', [])).toThrow();
  });
});

const onePass = allRules.flatMap(({ name, rule }) => (rule.kind === 'one-pass' ? [{ name, rule }] : []));

describe.each(onePass)('rule $name, which weighs in one pass,', ({ rule }) => {
  const measure = (update: Update): MeasuredUpdate => {
    const norm = updateNorm(tensorsOf(update));
    return { weight: update.weight, facts: rule.measure({ norm, sha256 }) };
  };

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

  test('[ROUND9] asks for no order of updates', () => {
    const shuffled = fc
      .array(anyUpdate, { minLength: 1, maxLength: 6 })
      .chain(updates =>
        fc.tuple(
          fc.constant(updates),
          fc.shuffledSubarray(updates, { minLength: updates.length }),
          anyRounds,
        ),
      );
    fc.assert(
      fc.property(shuffled, ([one, two, before]) => {
        const memory = before.reduce(
          (kept, updates) => rule.remember(kept, updates.map(measure)),
          rule.firstMemory,
        );
        const weighed = new Map(rule.weigh(one.map(measure), memory).map((w, n) => [one[n], w]));
        expect(rule.weigh(two.map(measure), memory)).toEqual(two.map(update => weighed.get(update)));
      }),
    );
  });
});

describe('mean', () => {
  test('weighs by samples: (1·[1,2] + 3·[5,−2]) / 4 = [4,−1]', () => {
    const one = addUpdate(emptySums([unit]), [Float32Array.of(1, 2)], { weight: 1, scale: 1 });
    const [sum] = addUpdate(one, [Float32Array.of(5, -2)], { weight: 3, scale: 1 });
    expect(sum && meanOf(sum.sum)).toEqual(Float32Array.of(4, -1));
  });

  test('weighs every update as it came, whatever its size', () => {
    const mean = onePassRule('mean');
    const updates = [1, 30].map(norm => ({ weight: 7, facts: mean.measure({ norm, sha256 }) }));
    expect(mean.weigh(updates, mean.firstMemory)).toEqual(Array(2).fill({ weight: 7, scale: 1 }));
  });
});

function onePassRule(name: 'mean' | 'clipped-mean') {
  const rule = aggregationRules[name];
  if (rule.kind !== 'one-pass') throw new Error(`${name} weighs in one pass`);
  return rule;
}

/** What a rule makes of updates of these norms. */
function clipping(rule: ReturnType<typeof onePassRule>) {
  const withNorms = (...norms: number[]): MeasuredUpdate[] =>
    norms.map(norm => ({ weight: 10, facts: rule.measure({ norm, sha256 }) }));
  return {
    withNorms,
    scales: (updates: MeasuredUpdate[], memory: unknown): number[] =>
      rule.weigh(updates, memory).map(({ scale }: Weighing) => scale),
    memoryAfter: (...rounds: number[][]): unknown =>
      rounds.reduce((memory, norms) => rule.remember(memory, withNorms(...norms)), rule.firstMemory),
  };
}

describe('clipped-mean', () => {
  const rule = onePassRule('clipped-mean');
  const { withNorms, scales, memoryAfter } = clipping(rule);
  const scaleOf = (memory: unknown): number | null | undefined => rule.scale?.of(memory);

  test('scales what is longer than a low quantile of the rounds before, and leaves the rest', () => {
    expect(scales(withNorms(5, 0.5, 1), memoryAfter([1], [1, 2], [1, 3]))).toEqual([0.2, 1, 1]);
  });

  test('takes the shorter norms of the round itself before any is remembered, and weighs nothing alone', () => {
    expect(scales(withNorms(1, 2, 8), rule.firstMemory)).toEqual(
      [1, 0.5, 0.125].map(x => Math.min(1, 2 * x)),
    );
    expect(scales(withNorms(1_000, 1), rule.firstMemory), 'never a mean of two').toEqual([0.001, 1]);
    expect(rule.weighAlone(rule.firstMemory)).toBeNull();
    expect(rule.weighAlone(memoryAfter([1], [1]))).toBeNull();
    expect(rule.weighAlone(memoryAfter([1], [1], [1]))).not.toBeNull();
  });

  test('is not moved by two hostile updates of four, in whatever rounds', () => {
    const rounds = Array.from({ length: 20 }, () => [1, 1_000, 1.25, 1_000]);
    expect(scaleOf(memoryAfter(...rounds))).toBe(1.25);
  });

  test('is not moved by free riders, who send nothing, however many they are', () => {
    const clipWith = (...free: number[]) =>
      scaleOf(memoryAfter(...Array.from({ length: 20 }, () => [1, 1.25, 1.5, ...free])));
    expect(clipWith()).toBe(1.25);
    expect(clipWith(0, 0)).toBe(1.25);
    expect(clipWith(...Array(30).fill(0))).toBe(1.25);
  });

  test('moves by a quarter at most in a round', () => {
    const calm = memoryAfter([1, 1], [1, 1], [1, 1]);
    const after = rule.remember(calm, withNorms(...Array(50).fill(1_000)));
    expect(scaleOf(after)).toBe(1.25);
    expect(scaleOf(rule.remember(after, withNorms(...Array(200).fill(0.01))))).toBe(1);
  });

  test('forgets an update that is 256 times shorter than the clip: it is as good as none', () => {
    const calm = memoryAfter([1, 1], [1, 1], [1, 1]);
    const memoryWith = (...norms: number[]) => rule.remember(calm, withNorms(...norms));
    expect(memoryWith(...Array(200).fill(1 / 256))).toEqual(memoryWith());
    expect(memoryWith(...Array(200).fill(1 / 255))).not.toEqual(memoryWith());
  });

  test('goes on from what a cohort of the release before remembered', () => {
    expect(scales(withNorms(8), { norms: [[2], [4, 4], [4]] })).toEqual([0.5]);
  });

  test('is not known after rounds in which all sent nothing: the first norms are those of the next rounds', () => {
    expect(scaleOf(memoryAfter([0], [0], [0]))).toBeNull();
    expect(scales(withNorms(3, 6), memoryAfter([0], [0], [0]))).toEqual([1, 0.5]);
    expect(scaleOf(memoryAfter([0], [0], [0], [3], [3], [3]))).toBe(3);
  });

  test('leaves zero, which a cohort of the release before may remember, since no factor leads away from it', () => {
    const zero = { norms: [[0], [0], [0]], scale: 0 };
    expect(scales(withNorms(3), zero)).toEqual([0]);
    expect(scaleOf(rule.remember(zero, withNorms(3, 3, 3, 3, 3, 3)))).toBe(3);
    const slowly = Array.from({ length: 8 }).reduce(
      memory => rule.remember(memory, withNorms(3)),
      zero as unknown,
    );
    expect(scaleOf(slowly), 'however few its updates are').toBe(3);
  });

  test('keeps an update of exactly that norm to the bit', () => {
    expect(scales(withNorms(5), memoryAfter([5], [5], [5]))).toEqual([1]);
  });
});

describe('clipped-mean in a run of an older release', () => {
  if (olderRule.kind !== 'one-pass') throw new Error('it weighs in one pass');
  const rule = olderRule;
  const { withNorms, scales, memoryAfter } = clipping(rule);

  test('scales what is longer than the median norm of the rounds before', () => {
    expect(scales(withNorms(5, 0.5, 1), memoryAfter([1], [1, 1]))).toEqual([0.2, 1, 1]);
  });

  test('takes the median of the round itself before any is remembered', () => {
    expect(scales(withNorms(1, 2, 8), rule.firstMemory)).toEqual([1, 1, 0.25]);
    expect(rule.weighAlone(rule.firstMemory)).toBeNull();
    expect(rule.weighAlone(memoryAfter([1]))).not.toBeNull();
  });

  test('forgets all but the last three rounds', () => {
    expect(scales(withNorms(4), memoryAfter([100, 100, 100], [2], [2], [2]))).toEqual([0.5]);
    expect(memoryAfter([1], [2], [3], [4])).toEqual({ norms: [[2], [3], [4]] });
  });
});
