/** Which example goes to which part: evenly mixed, or skewed towards some classes as real volunteers' data are. */
import { drawDirichlet } from '../math/dirichlet.ts';
import { createRandom, type Random, shuffled } from '../math/random.ts';
import type { Partition } from '../protocol/dataset.ts';

type Seed = string | number;

/**
 * The examples of each part, as indices into `labels`. Every example is in exactly one part. Sizes are within one of
 * `labels.length / parts`, whatever the kind, so that no part outgrows its bytes. The same seed gives the same parts on
 * every platform. Throws RangeError if a label is not below `classes` or `parts` is not a positive integer.
 */
export function partitionExamples(
  labels: ArrayLike<number>,
  classes: number,
  parts: number,
  partition: Partition,
  seed: Seed,
): number[][] {
  if (!(Number.isInteger(parts) && parts > 0)) throw new RangeError(`cannot cut into ${parts} parts`);
  const random = createRandom('partition', seed, partition.kind);
  const order = shuffled(
    random,
    Array.from(labels, (_, i) => i),
  );
  const sizes = evenSizes(labels.length, parts);
  if (partition.kind === 'iid') return cutInOrder(order, sizes);
  const pools = poolByClass(order, labels, classes);
  return sizes.map(size => drawPart(random, pools, size, drawDirichlet(random, classes, partition.alpha)));
}

/** Class weights of one part, for a generator that draws its examples: Dirichlet(alpha), of sum 1. */
export const dirichletWeights = (seed: readonly Seed[], classes: number, alpha: number): number[] =>
  drawDirichlet(createRandom('dirichlet', ...seed), classes, alpha);

/** `parts` numbers that differ by one at most and sum to `total`. */
export const evenSizes = (total: number, parts: number): number[] =>
  Array.from(
    { length: parts },
    (_, i) => Math.floor(((i + 1) * total) / parts) - Math.floor((i * total) / parts),
  );

function cutInOrder(order: readonly number[], sizes: readonly number[]): number[][] {
  let at = 0;
  return sizes.map(size => {
    at += size;
    return order.slice(at - size, at);
  });
}

function poolByClass(order: readonly number[], labels: ArrayLike<number>, classes: number): number[][] {
  const pools = Array.from({ length: classes }, (): number[] => []);
  for (const index of order) {
    const pool = pools[labels[index] as number];
    if (!pool) throw new RangeError(`label ${labels[index]} of example ${index} is not below ${classes}`);
    pool.push(index);
  }
  return pools;
}

/**
 * Fills one part from the pools by its own mixture of classes. A class that has run out leaves the mixture. Hsu, Qi and
 * Brown, "Measuring the effects of non-identical data distribution for federated visual classification" (2019).
 */
function drawPart(random: Random, pools: number[][], size: number, mixture: readonly number[]): number[] {
  return Array.from({ length: size }, () => {
    const weights = pools.map((pool, label) => (pool.length > 0 ? (mixture[label] as number) : 0));
    // A steep mixture may have no class left that has weight. Then the pools' sizes are the weights.
    const usable = weights.some(w => w > 0) ? weights : pools.map(pool => pool.length);
    const drawn = pools[drawIndex(random, usable)]?.pop();
    if (drawn === undefined) throw new Error('a pool that has run out was drawn');
    return drawn;
  });
}

/** An index with probability in proportion to its weight; never one of weight 0. */
function drawIndex(random: Random, weights: readonly number[]): number {
  let rest = random() * weights.reduce((a, b) => a + b, 0);
  let last = -1;
  for (const [index, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = index;
    rest -= weight;
    if (rest < 0) break;
  }
  return last;
}
