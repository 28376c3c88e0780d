import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codecOf } from '../../../shared/codec/codecs.ts';
import { f32 } from '../../../shared/codec/f32.ts';
import { createRandom, randomNormal } from '../../../shared/math/random.ts';
import { codecNames, codecSpecSchema } from '../../../shared/protocol/codec-spec.ts';
import { refusals } from '../../../shared/protocol/refusals.ts';
import { bitsOf, finiteValues, flipBit, reasonOf, unwrap } from './arbitraries.ts';
import { codecSamples, samplesOf } from './codec-samples.ts';

test.each(codecNames)(
  'the settings of %s that are sampled are settings of a run, its defaults among them',
  name => {
    for (const sample of samplesOf(name)) expect(codecSpecSchema.parse(sample)).toEqual(sample);
    expect(samplesOf(name)).toContainEqual(codecSpecSchema.parse(name));
  },
);

const normals = (elements: number, scale: number): Float32Array => {
  const random = createRandom('conformance', elements, scale);
  return Float32Array.from({ length: elements }, () => randomNormal(random) * scale);
};

describe.each(codecSamples)('codec %j', spec => {
  const codec = codecOf(spec);
  const roundTrip = (values: Float32Array): Float32Array =>
    unwrap(codec.decode(codec.encode(values), values.length));
  const distance = (a: Float32Array, b: Float32Array): number =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
  /** The bound is computed in doubles; allow their last places. */
  const expectWithinBound = (values: Float32Array): void => {
    const decoded = roundTrip(values);
    expect(decoded.length).toBe(values.length);
    expect(distance(values, decoded)).toBeLessThanOrEqual(codec.errorBound(values) * (1 + 1e-12));
  };

  test('round-trips any finite tensor within its error bound', () => {
    fc.assert(fc.property(finiteValues(), expectWithinBound));
  });

  test.each([
    ['empty', new Float32Array(0)],
    ['one element', Float32Array.of(-0.37)],
    ['one zero', Float32Array.of(0)],
    ['all zero', new Float32Array(5000)],
    ['all equal', new Float32Array(5000).fill(0.01)],
    ['huge', Float32Array.of(3.4e38, -3.4e38, 1e30, 65520, -65505)],
    ['tiny', Float32Array.of(2 ** -149, -(2 ** -149), 1e-40, 6e-8, -3e-8)],
    ['huge beside tiny', Float32Array.of(3e38, 1e-40, -1e-8, 0)],
    ['normal, more than one chunk of 4,096', normals(10_007, 1e-3)],
    ['one large among many small', normals(9000, 1e-6).map((v, i) => (i === 4500 ? 1 : v))],
  ])('round-trips %s within its error bound', (_, values) => expectWithinBound(values));

  test('loses no more than the tensor itself', () => {
    fc.assert(
      fc.property(finiteValues(), values => {
        const norm = distance(values, new Float32Array(values.length));
        // Rounding a value below the smallest step up to it may lose as much again: allow a step an element.
        expect(codec.errorBound(values)).toBeLessThanOrEqual(norm + 2 ** -24 * Math.sqrt(values.length));
      }),
    );
  });

  test('encodes within maxBytes', () => {
    fc.assert(
      fc.property(finiteValues(), values => {
        expect(codec.encode(values).length).toBeLessThanOrEqual(codec.maxBytes(values.length));
      }),
    );
  });

  test('is deterministic, leaves its input alone and reads only its own part of a buffer', () => {
    fc.assert(
      fc.property(finiteValues(), values => {
        const before = bitsOf(values);
        const padded = new Float32Array(values.length + 2).fill(5);
        padded.set(values, 1);
        const payload = codec.encode(values);
        expect(codec.encode(values)).toEqual(payload);
        expect(codec.encode(padded.subarray(1, -1))).toEqual(payload);
        expect(bitsOf(values)).toEqual(before);
      }),
    );
  });

  test('decodes from an unaligned view into memory of its own', () => {
    const values = normals(100, 1);
    const payload = codec.encode(values);
    const shifted = new Uint8Array(payload.length + 1);
    shifted.set(payload, 1);
    const decoded = unwrap(codec.decode(shifted.subarray(1), 100));
    shifted.fill(0);
    expect(decoded).toEqual(roundTrip(values));
  });

  test('what it decoded it encodes to the same again', () => {
    fc.assert(
      fc.property(finiteValues(), values => {
        const once = roundTrip(values);
        expect(distance(roundTrip(once), once)).toBeLessThanOrEqual(codec.errorBound(once) * (1 + 1e-12));
      }),
    );
  });

  test('refuses a truncated or extended payload as bad-payload', () => {
    fc.assert(
      fc.property(finiteValues(40), fc.uint8Array({ minLength: 1, maxLength: 9 }), (values, tail) => {
        const payload = codec.encode(values);
        const extended = new Uint8Array([...payload, ...tail]);
        expect(reasonOf(codec.decode(extended, values.length))).toBe('bad-payload');
        for (let length = 0; length < payload.length; length++)
          expect(reasonOf(codec.decode(payload.subarray(0, length), values.length))).toBe('bad-payload');
      }),
    );
  });

  test('any bytes and any flipped bit are refused with a payload reason or decode to finite values', () => {
    const check = (payload: Uint8Array, elements: number): void => {
      const decoded = codec.decode(payload, elements);
      if (!decoded.ok) {
        expect(['bad-payload', 'not-finite']).toContain(decoded.reason);
        expect(refusals).toHaveProperty(decoded.reason);
        return;
      }
      expect(decoded.value.length).toBe(elements);
      expect(decoded.value.every(Number.isFinite)).toBe(true);
    };
    fc.assert(
      fc.property(finiteValues(20), fc.nat(), (values, bit) => {
        const payload = codec.encode(values);
        if (payload.length > 0) check(flipBit(payload, bit % (8 * payload.length)), values.length);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(40), check));
  });

  test('allocates nothing on a wrong length: a payload of 1 KB is no tensor of 1 GB', () => {
    expect(reasonOf(codec.decode(new Uint8Array(1024), 2 ** 40))).toBe('bad-payload');
  });
});

describe('on the wire', () => {
  const bytes = (name: 'f32' | 'f16', ...values: number[]): number[] => [
    ...codecOf({ name }).encode(Float32Array.from(values)),
  ];

  test('f32 is little-endian', () => {
    expect(bytes('f32', 1, -2)).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test('f16 is little-endian and clamps to the largest finite half', () => {
    expect(bytes('f16', 1, -2)).toEqual([0, 0x3c, 0, 0xc0]);
    expect(bytes('f16', 65520, -3.4e38, Infinity)).toEqual([0xff, 0x7b, 0xff, 0xfb, 0xff, 0x7b]);
  });

  test.each([
    ['f32', [0, 0, 0x80, 0x7f]],
    ['f32', [0, 0, 0xc0, 0xff]],
    ['f16', [0, 0x7c]],
    ['f16', [1, 0xfe]],
  ] as const)('%s refuses infinity and NaN as not-finite: %j', (name, payload) => {
    expect(reasonOf(codecOf({ name }).decode(Uint8Array.from(payload), 1))).toBe('not-finite');
  });

  test('f32 keeps every bit', () => {
    fc.assert(
      fc.property(finiteValues(), values => {
        const decoded = unwrap(f32.decode(f32.encode(values), values.length));
        expect(bitsOf(decoded)).toEqual(bitsOf(values));
      }),
    );
  });
});
