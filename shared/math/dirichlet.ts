/** Samples of the Gamma and Dirichlet distributions, the same bits on every platform (see `exact.ts`). */
import { exactExp, exactLn } from './exact.ts';
import type { Random } from './random.ts';

/**
 * One draw from the symmetric Dirichlet(alpha): `classes` shares that are not negative and whose sum is 1 but for
 * rounding. A small alpha puts nearly all in one class, a large one makes the shares nearly equal. Gammas are
 * normalised as logarithms: with a small alpha all of them may be too small for a double. Throws RangeError if alpha is
 * not positive and finite.
 */
export function drawDirichlet(random: Random, classes: number, alpha: number): number[] {
  if (!(alpha > 0 && alpha < Infinity)) throw new RangeError(`alpha ${alpha} is not positive and finite`);
  const logs = Array.from({ length: classes }, () => drawLogGamma(random, alpha));
  const largest = Math.max(...logs);
  const shares = logs.map(log => exactExp(log - largest));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map(share => share / sum);
}

/**
 * Logarithm of a Gamma(alpha, 1) draw. Marsaglia and Tsang, "A simple method for generating gamma variables" (2000),
 * with their boost for alpha < 1: Gamma(alpha) = Gamma(alpha + 1) × u^(1/alpha).
 */
export function drawLogGamma(random: Random, alpha: number): number {
  if (alpha < 1) return drawLogGamma(random, alpha + 1) + exactLn(positive(random)) / alpha;
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    if (exactLn(positive(random)) < 0.5 * x * x + d * (1 - v + exactLn(v))) return exactLn(d) + exactLn(v);
  }
}

/** Marsaglia's polar method (1964): a true normal. (`randomNormal` is a sum of uniforms, with thinner tails.) */
function drawNormal(random: Random): number {
  for (;;) {
    const x = 2 * random() - 1;
    const y = 2 * random() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * exactLn(square)) / square);
  }
}

/** Uniform in (0, 1], since its logarithm is taken. */
const positive = (random: Random): number => 1 - random();
