import { bodyIds } from '../../../../shared/protocol/model-outline.ts';
import { crossEntropy } from './dense-layer.ts';
import type { DenseNetwork } from './dense-network.ts';
import type { LabelledRows } from './pictures.ts';
import { type DenseWeights, logitsOf } from './train-task.ts';

export interface Judgement {
  readonly examples: number;
  readonly correct: number;
  /** Summed over the examples. */
  readonly lossSum: number;
}

/** The most that an example counts, as on a volunteer's device (`client/trainer/lease/evaluate-model`). */
const LARGEST_LOSS = 1_000;

/**
 * How well these segments do, one after the other. NaN logits are wrong.
 * @param segments the whole body if they are left out
 */
export function judge(
  network: DenseNetwork,
  weights: DenseWeights,
  examples: LabelledRows,
  segments: readonly string[] = bodyIds(network.outline),
): Judgement {
  const { outline } = network;
  const logits = logitsOf(network, weights, segments, examples);
  let [correct, lossSum] = [0, 0];
  for (const [n, label] of examples.labels.entries()) {
    const from = n * outline.classes;
    const best = largestOf(logits, from, outline.classes);
    const row = logits.subarray(from, from + outline.classes);
    const loss = crossEntropy(row, examples.labels.subarray(n, n + 1), outline.classes);
    if (best === label && !Number.isNaN(loss)) correct += 1;
    lossSum += Number.isNaN(loss) ? LARGEST_LOSS : Math.min(loss, LARGEST_LOSS);
  }
  return { examples: examples.labels.length, correct, lossSum };
}

/** The class of the largest logit; -1 if none is a number. */
function largestOf(logits: Float32Array, from: number, classes: number): number {
  let [best, at] = [Number.NEGATIVE_INFINITY, -1];
  for (let c = 0; c < classes; c++) {
    const value = logits[from + c] as number;
    if (value > best) [best, at] = [value, c];
  }
  return at;
}
