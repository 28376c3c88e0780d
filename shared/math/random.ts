/**
 * Seeded randomness, the same sequence on every platform. A stream is derived from a list of names and numbers, so that
 * "part 7 of the training split of seed 1" needs no shared state.
 */

/** Each call draws one number in [0, 1). */
export type Random = () => number;

/** xmur3-style string hash feeding sfc32 (Doty-Humphrey's small fast counter), both public domain. */
export function createRandom(...seed: readonly (string | number)[]): Random {
  let [a, b, c, d] = hashWords(seed.join('/'));
  const next = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Uniform integer in [0, bound). */
export const randomInteger = (random: Random, bound: number): number => Math.floor(random() * bound);

/** A permuted copy (Fisher–Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/**
 * Standard normal by the sum of twelve uniforms (Irwin–Hall). It takes only additions, so that two platforms cannot
 * disagree over `Math.log` or `Math.cos`. Tails end at ±6.
 */
export function randomNormal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

function hashWords(text: string): [number, number, number, number] {
  let h = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  const word = (): number => {
    h = Math.imul(h ^ (h >>> 16), 2246822507);
    h = Math.imul(h ^ (h >>> 13), 3266489909);
    h ^= h >>> 16;
    return h | 0;
  };
  return [word(), word(), word(), word()];
}
