import type { Random } from '../../../../shared/math/random.ts';
import { randomNormal } from '../../../../shared/math/random.ts';

/** Flat updates as vectors. */

export const scaled = (vector: Float32Array, by: number): Float32Array => vector.map(value => by * value);

export const normOf = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The vector with this norm; zero stays zero. */
export function withNorm(vector: Float32Array, norm: number): Float32Array {
  const own = normOf(vector);
  return scaled(vector, own > 0 ? norm / own : 0);
}

/** Of each coordinate. @throws if there are none */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const [first] = vectors;
  if (!first) throw new Error('a mean is of one vector at least');
  const mean = new Float32Array(first.length);
  for (const vector of vectors)
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (vector[i] as number);
  return scaled(mean, 1 / vectors.length);
}

/** The standard deviation of each coordinate, over n and not n − 1. */
export function deviationOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = meanOf(vectors);
  const squares = vectors.map(vector => vector.map((value, i) => (value - (mean[i] as number)) ** 2));
  return meanOf(squares).map(Math.sqrt);
}

export const drawNormal = (length: number, deviation: number, random: Random): Float32Array =>
  Float32Array.from({ length }, () => deviation * randomNormal(random));
