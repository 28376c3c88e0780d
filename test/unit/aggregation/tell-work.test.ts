import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellWork } from '../../../shared/aggregation/tell-work.ts';
import { updateNorm } from '../../../shared/aggregation/update-norm.ts';
import { SKETCH_SIZE, UpdateSketch } from '../../../shared/aggregation/update-sketch.ts';
import { createRandom, type Random } from '../../../shared/math/random.ts';
import type { SketchedUpdate } from '../../../shared/protocol/cohort-report.ts';
import { propertyRuns } from '../../support/extent.ts';
import { testSeed } from '../../support/test-seeds.ts';

const SIZE = 3_000;

/** About normal. */
const draw = (random: Random, size = SIZE): Float32Array =>
  Float32Array.from({ length: size }, () => random() + random() + random() + random() - 2);

const mixed = (a: Float32Array, share: number, b: Float32Array): Float32Array =>
  a.map((value, i) => share * value + (b[i] ?? 0));

function sketched(values: Float32Array, volunteer: string, seed = testSeed(1)): SketchedUpdate {
  const sketch = new UpdateSketch(seed);
  sketch.add(values);
  return { volunteer, norm: updateNorm([values]), sketch: sketch.bytes() };
}

/** So many honest updates: something in common, and twice as much that is each one's own. */
function honest(count: number, random: Random): Float32Array[] {
  const common = draw(random);
  return Array.from({ length: count }, () => mixed(common, 0.5, draw(random)));
}

const tell = (updates: readonly Float32Array[]) =>
  tellWork(
    updates.map((values, i) => sketched(values, `v${i}`)),
    SIZE,
  );

function cosine(a: Uint8Array, b: Uint8Array): number {
  const [x, y] = [a, b].map(bytes => Array.from(new Int8Array(bytes.slice().buffer)));
  const dot = (p: readonly number[] = [], q: readonly number[] = []) =>
    p.reduce((sum, value, i) => sum + value * (q[i] ?? 0), 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

describe('a sketch', () => {
  it('[STAND2] is the same to the byte however the values are cut', () => {
    const values = draw(createRandom('sketch', 1));
    const cuts = fc.array(fc.integer({ min: 0, max: SIZE }), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, places => {
        const sketch = new UpdateSketch(testSeed(1));
        const ends = [0, ...places.toSorted((a, b) => a - b), SIZE];
        for (const [i, end] of ends.entries()) sketch.add(values.subarray(ends[i - 1] ?? 0, end));
        expect(sketch.bytes()).toEqual(sketched(values, 'v').sketch);
      }),
      { numRuns: propertyRuns(30) },
    );
  });

  it('[STAND2] keeps the angle between two updates, by whatever seed, within four deviations', () => {
    const random = createRandom('sketch', 2);
    const [a, b] = [draw(random), draw(random)];
    for (const share of [0, 0.5, 2]) {
      const other = mixed(a, share, b);
      const true_ = share / Math.sqrt(1 + share ** 2);
      for (let seed = 0; seed < 20; seed++) {
        const [one, two] = [a, other].map(values => sketched(values, 'v', testSeed(seed)).sketch);
        if (!one || !two) throw new Error('no sketch');
        expect(Math.abs(cosine(one, two) - true_)).toBeLessThan(4 / Math.sqrt(SKETCH_SIZE) + 0.03);
      }
    }
  });

  it('[STAND2] of one seed says nothing to one of another', () => {
    const values = draw(createRandom('sketch', 3));
    const [one, two] = [1, 2].map(round => sketched(values, 'v', testSeed(round)).sketch);
    if (!one || !two) throw new Error('no sketch');
    expect(Math.abs(cosine(one, two))).toBeLessThan(4 / Math.sqrt(SKETCH_SIZE));
  });
});

describe('what updates were worth', () => {
  it('[STAND3] honest ones of something in common helped, whoever is beside them', () => {
    const random = createRandom('work', 1);
    const own = honest(6, random);
    const [first = new Float32Array(SIZE)] = own;
    const others = [
      new Float32Array(SIZE),
      first.map(value => value * 1e-6),
      first.slice(),
      first.map(value => value * 100),
      mixed(first, 10, draw(random)),
      draw(random),
    ];
    expect(tell([...own, ...others])).toEqual([
      ...own.map(() => 'helped'),
      ...['zero', 'zero', 'copied', 'copied', 'copied', 'unlike'],
    ]);
  });

  it('[STAND3] the later one of two that are alike is the copy', () => {
    const [a, b, c] = honest(3, createRandom('work', 2));
    if (!a || !b || !c) throw new Error('three');
    expect(tell([a, b, c, b])).toEqual(['helped', 'helped', 'helped', 'copied']);
    expect(tell([b, a, b, c])).toEqual(['helped', 'helped', 'copied', 'helped']);
  });

  it('[STAND3] a long update sets nothing, and one that points the other way helps nobody', () => {
    const random = createRandom('work', 3);
    const own = honest(5, random);
    const [first = new Float32Array(SIZE)] = own;
    const long = draw(random).map(value => value * 1_000);
    expect(tell([...own, long])).toEqual([...own.map(() => 'helped'), 'unlike']);
    expect(tell([...own, first.map(value => -10 * value)]).at(-1)).toBe('unlike');
  });

  it('[STAND3] nobody agrees with itself, however many updates it has', () => {
    const random = createRandom('work', 4);
    const own = draw(random);
    const mine = [sketched(own, 'eve'), sketched(mixed(own, 2, draw(random)), 'eve')];
    expect(tellWork(mine, SIZE)).toEqual(['untold', 'untold']);
    const all = honest(4, random).map((values, i) => sketched(values, `v${i}`));
    expect(tellWork([...all, ...mine], SIZE).slice(-2)).toEqual(['unlike', 'unlike']);
  });

  it('[STAND3] one or two cannot be told, unless they agree or are worth nothing', () => {
    const random = createRandom('work', 5);
    const [a, b] = honest(2, random);
    if (!a || !b) throw new Error('two');
    expect(tell([a])).toEqual(['untold']);
    expect(tell([a, draw(random)])).toEqual(['untold', 'untold']);
    expect(tell([a, b])).toEqual(['helped', 'helped']);
    expect(tell([a, new Float32Array(SIZE)])).toEqual(['untold', 'zero']);
    expect(tell([a, a])).toEqual(['untold', 'copied']);
    expect(tell([new Float32Array(SIZE)])).toEqual(['zero']);
    expect(tell([])).toEqual([]);
  });

  it('[STAND3] without a sketch, or with one of another size, nobody can tell', () => {
    const all = honest(3, createRandom('work', 6)).map((values, i) => sketched(values, `v${i}`));
    const [first = sketched(new Float32Array(SIZE), 'v0'), ...rest] = all;
    expect(tellWork([{ ...first, sketch: null }, ...rest], SIZE)[0]).toBe('untold');
    expect(tellWork([{ ...first, sketch: new Uint8Array(7) }, ...rest], SIZE)[0]).toBe('untold');
  });

  it('[STAND3] of a thousand random updates among honest ones at most a handful look as if they had helped', () => {
    const random = createRandom('work', 7);
    let lucky = 0;
    for (let round = 0; round < 200; round++) {
      const outcomes = tell([...honest(4, random), ...Array.from({ length: 5 }, () => draw(random))]);
      lucky += outcomes.slice(4).filter(outcome => outcome === 'helped').length;
    }
    expect(lucky).toBeLessThanOrEqual(6);
  });

  it('[STAND3] a network of few weights is told by a wider margin', () => {
    const random = createRandom('work', 8);
    let lucky = 0;
    for (let round = 0; round < 200; round++) {
      const small = Array.from({ length: 5 }, (_, i) => sketched(draw(random, 20), `v${i}`));
      lucky += tellWork(small, 20).filter(outcome => outcome === 'helped').length;
    }
    expect(lucky).toBeLessThanOrEqual(6);
  });
});
