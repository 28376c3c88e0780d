import fc from 'fast-check';
import type { Result } from '../../../shared/protocol/refusals.ts';

/** The value of an acceptance; a refusal fails the test with its words. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.reason} ${result.detail ?? ''}`);
  return result.value;
}

export const reasonOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.reason);

/** Any finite f32, subnormals, -0 and the largest included. */
export const finiteF32 = fc.float({ noNaN: true, noDefaultInfinity: true });

/** A tensor as training makes them, or any finite values at all. */
export const finiteValues = (maxLength = 300): fc.Arbitrary<Float32Array> =>
  fc
    .oneof(
      fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength }),
      fc.array(finiteF32, { maxLength }),
    )
    .map(values => Float32Array.from(values));

/** The bits of values, so that -0, 0 and last places count. */
export const bitsOf = (values: Float32Array): number[] => [...new Uint32Array(values.slice().buffer)];

export const flipBit = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
