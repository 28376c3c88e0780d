/**
 * IEEE 754 binary16, whole arrays at a time, by integer arithmetic on the bits of binary32. Not every engine has
 * Float16Array, and integers give the same bytes on all of them.
 */

const F32_INFINITY = 0x7f800000;
/** 2^16: everything from here on is infinite as a half. (65520 and more becomes infinite by the carry of rounding.) */
const OVERFLOW = 0x47800000;
/** 2^-14, the smallest normal half. */
const SMALLEST_NORMAL = 0x38800000;
/** The biased exponent of 2^-25. What is below it rounds to zero. */
const LOWEST_EXPONENT = 102;
/** The exponent's bias goes from 127 to 15. */
const REBIAS = (127 - 15) << 23;

/** The nearest halves, ties to even. Beyond 65519.99… they are infinite. NaN stays (quiet) NaN. Never fails. */
export function encodeHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) {
    const bits = source[i] as number;
    halves[i] = ((bits >>> 16) & 0x8000) | halfOfMagnitude(bits & 0x7fffffff);
  }
  return halves;
}

function halfOfMagnitude(bits: number): number {
  if (bits >= OVERFLOW) return bits > F32_INFINITY ? 0x7e00 : 0x7c00;
  if (bits >= SMALLEST_NORMAL) return roundShift(bits - REBIAS, 13);
  const exponent = bits >>> 23;
  if (exponent < LOWEST_EXPONENT) return 0;
  // A subnormal half counts in units of 2^-24; the float is mantissa × 2^(exponent - 150).
  return roundShift((bits & 0x7fffff) | 0x800000, 126 - exponent);
}

/** bits / 2^shift to the nearest, ties to even. A carry into the exponent is right: it is the next number up. */
const roundShift = (bits: number, shift: number): number =>
  (bits + (1 << (shift - 1)) - 1 + ((bits >>> shift) & 1)) >>> shift;

/** The exact value of every half. Never fails. */
export function decodeHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  decodeHalfInto(halves, values);
  return values;
}

/** The value of each of the 65,536 halves, 256 kB. Made on first use. */
let halfValues: Float32Array | null = null;

/** As `decodeHalf`, into the first elements of `target`. A look-up is fast: cached features are decoded every step. */
export function decodeHalfInto(halves: Uint16Array, target: Float32Array): void {
  halfValues ??= computeValues();
  for (let i = 0; i < halves.length; i++) target[i] = halfValues[halves[i] as number] as number;
}

function computeValues(): Float32Array {
  const values = new Float32Array(0x10000);
  const bits = new Uint32Array(values.buffer);
  for (let half = 0; half < values.length; half++) {
    const magnitude = half & 0x7fff;
    const sign = (half & 0x8000) << 16;
    if (magnitude < 0x400) values[half] = (sign ? -magnitude : magnitude) * 2 ** -24;
    else if (magnitude < 0x7c00) bits[half] = sign | ((magnitude << 13) + REBIAS);
    else bits[half] = sign | F32_INFINITY | ((magnitude & 0x3ff) << 13);
  }
  return values;
}
