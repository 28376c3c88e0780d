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

/** How well the whole body does. NaN logits are wrong. */
export function judge(network: DenseNetwork, weights: DenseWeights, examples: LabelledRows): Judgement {
  const { outline } = network;
  const logits = logitsOf(network, weights, bodyIds(outline), examples);
  let correct = 0;
  for (const [n, label] of examples.labels.entries())
    if (largestOf(logits, n * outline.classes, outline.classes) === label) correct += 1;
  const lossSum = crossEntropy(logits, examples.labels, outline.classes);
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
