import type { AggregationRule, ComparedUpdates } from '../aggregation-rule.ts';
import { type ClipMemory, clipMemory, type NormFacts } from '../clip-memory.ts';
import { type Gram, normOf, productOf } from '../gram.ts';

/**
 * The smoothing ν, as a share of the middle norm: a distance below ν counts as ν, so that no update has an infinite
 * weight. If half of the updates are zero, it is a share of the largest norm.
 */
const SMOOTHING = 1e-6;

/**
 * A hostile weight of two fifths leaves the point by a factor of two thirds a step. From the far end of what f32 can hold
 * to the middle of the honest ones that takes some two hundred steps.
 */
const MOST_STEPS = 500;

/** Steps end when no share moves by more than this. */
const SETTLED = 1e-9;

/**
 * The point with the least weighted sum of distances to all updates, by the smoothed Weiszfeld algorithm (RFA: Pillutla
 * et al. 2022, arXiv:1912.13445, algorithm 2). Each step is a weighted mean of the updates, and how far it lies from each
 * update follows from their inner products. So all steps take no more than the Gram matrix. It withstands hostile updates
 * of less than half of the weight.
 */
export const geometricMedian: AggregationRule<NormFacts, ClipMemory> = {
  ...clipMemory,
  kind: 'compared',
  needsRoot: false,
  least: 3,
  most: updates => Math.floor((updates - 1) / 2),
  weigh: updates => {
    const examples = updates.weights.reduce((sum, weight) => sum + weight, 0);
    return weiszfeld(updates).map(share => ({ weight: share * examples, scale: 1 }));
  },
};

/** The share of each update in the geometric median. */
function weiszfeld({ gram, weights }: ComparedUpdates): number[] {
  const smoothing = SMOOTHING * usualNorm(gram);
  let shares = normalised(weights);
  for (let step = 0; step < MOST_STEPS; step++) {
    const distances = distancesFrom(gram, shares);
    // All updates are the same.
    if (distances.every(distance => distance === 0)) return shares;
    const next = normalised(weights.map((weight, i) => weight / Math.max(distances[i] ?? 0, smoothing)));
    const moved = next.reduce((most, share, i) => Math.max(most, Math.abs(share - (shares[i] ?? 0))), 0);
    shares = next;
    if (moved < SETTLED) break;
  }
  return shares;
}

function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map(value => value / sum);
}

/** The middle one, or the largest if that is zero. */
function usualNorm(gram: Gram): number {
  const norms = Array.from({ length: gram.size }, (_, i) => normOf(gram, i)).toSorted((a, b) => a - b);
  return norms[Math.floor((gram.size - 1) / 2)] || (norms.at(-1) ?? 0);
}

/** How far the updates lie from v = Σ share · Δ: ‖v − Δj‖² = ‖v‖² − 2⟨v, Δj⟩ + ‖Δj‖². */
function distancesFrom(gram: Gram, shares: readonly number[]): number[] {
  const products = shares.map((_, j) =>
    shares.reduce((sum, share, i) => sum + share * productOf(gram, i, j), 0),
  );
  const square = products.reduce((sum, product, j) => sum + product * (shares[j] ?? 0), 0);
  return products.map((product, j) => Math.sqrt(Math.max(0, square - 2 * product + productOf(gram, j, j))));
}
