import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, simdOn } from './simd-calls.ts';
import { heapFloats } from './wasm-kernel.ts';

/** A tensor seen as [outer, reduced, inner], to be summed over the axis in the middle. */
interface Reduction {
  readonly outer: number;
  readonly reduced: number;
  readonly inner: number;
}

/**
 * The axes as one block in the middle. It is undefined if they are not neighbours, or if they are the last ones. The
 * stock kernels are fast for the last axes; for every other reduction they transpose the whole tensor first.
 */
export function asMiddleReduction(shape: readonly number[], axis: number | number[]): Reduction | undefined {
  const axes = util.parseAxisParam(axis, [...shape]).toSorted((a, b) => a - b);
  const [first] = axes;
  const last = axes.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const isBlock = last - first === axes.length - 1 && last < shape.length - 1;
  const size = (from: number, to: number) => util.sizeFromShape(shape.slice(from, to));
  return isBlock
    ? { outer: size(0, first), reduced: size(first, last + 1), inner: size(last + 1, shape.length) }
    : undefined;
}

export function reducedShape(shape: readonly number[], axis: number | number[], keepDims: boolean): number[] {
  const axes = util.parseAxisParam(axis, [...shape]);
  return keepDims
    ? shape.map((size, i) => (axes.includes(i) ? 1 : size))
    : shape.filter((_, i) => !axes.includes(i));
}

/** Fewer columns than this would leave most lanes of our SIMD kernel empty. */
const MIN_SIMD_COLUMNS = 4;

/** sums [outer, inner] = scale * the sums of x over its middle axis. */
export function sumMiddle(
  backend: BackendWasm,
  x: TensorInfo,
  reduction: Reduction,
  scale: number,
  sums: TensorInfo,
): void {
  const { outer, reduced, inner } = reduction;
  const simd = inner >= MIN_SIMD_COLUMNS ? simdOn(backend) : null;
  if (simd) {
    const args = [addressOf(simd, x), addressOf(simd, sums), reduced, inner, scale];
    simd.kernels.run('sumMiddle', outer * Math.ceil(inner / 8), args);
  } else sumInDoubles(heapFloats(backend, x), reduction, scale, heapFloats(backend, sums));
}

/**
 * Four columns at a time, so that the sums stay in registers. They are in float64, because a bias gradient adds up
 * every cell of every image.
 */
function sumInDoubles(
  x: Float32Array,
  { outer, reduced, inner }: Reduction,
  scale: number,
  sums: Float32Array,
): void {
  const blockSize = reduced * inner;
  for (let o = 0; o < outer; o++) {
    const end = (o + 1) * blockSize;
    let column = 0;
    for (; column + 4 <= inner; column += 4) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let i = o * blockSize + column; i < end; i += inner) {
        sum0 += x[i] as number;
        sum1 += x[i + 1] as number;
        sum2 += x[i + 2] as number;
        sum3 += x[i + 3] as number;
      }
      const to = o * inner + column;
      sums[to] = sum0 * scale;
      sums[to + 1] = sum1 * scale;
      sums[to + 2] = sum2 * scale;
      sums[to + 3] = sum3 * scale;
    }
    for (; column < inner; column++) {
      let sum = 0;
      for (let i = o * blockSize + column; i < end; i += inner) sum += x[i] as number;
      sums[o * inner + column] = sum * scale;
    }
  }
}
