import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { exitLoss, stopGradient } from '../../../client/trainer/training/losses.ts';
import { NesterovSgd } from '../../../client/trainer/training/nesterov-sgd.ts';
import type { TrainedExit } from '../../../shared/protocol/lease.ts';
import { exit } from '../../support/local-trainer.ts';

beforeAll(async () => {
  tf.enableProdMode();
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const labels = (): tf.Tensor2D => tf.tensor2d([[1, 0]]);
const distilFrom = { after: 'segment-1', through: ['segment-2'] };
const distil = { distilFrom, weight: 0.5, temperature: 2, gated: true };
const plain = exit('segment-1', 'head-1');
const distilled = { ...plain, labelWeight: 0.5, distils: [distil] };
const lossOf = (loss: tf.Scalar): number => loss.dataSync()[0] ?? Number.NaN;
const softplus = (x: number): number => Math.log1p(Math.exp(x));

describe('the loss of an exit', () => {
  it('is the mean cross-entropy with the labels without distillation', () => {
    const logits = tf.tensor2d([
      [2, 0],
      [0, 1],
    ]);
    const both = tf.tensor2d([
      [1, 0],
      [1, 0],
    ]);
    expect(lossOf(exitLoss(plain, logits, both, []))).toBeCloseTo((softplus(-2) + softplus(1)) / 2, 5);
  });

  it('adds weight · τ² · KL of the softened logits if the distilled exit’s logits are better', () => {
    const [p, q] = [1 / (1 + Math.exp(-2)), 0.5];
    const kl = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    const loss = exitLoss(distilled, tf.tensor2d([[0, 0]]), labels(), [tf.tensor2d([[4, 0]])]);
    expect(lossOf(loss)).toBeCloseTo(0.5 * Math.log(2) + 0.5 * 4 * kl, 5);
  });

  it('lets no exit learn from worse logits, unless the distillation has no gate', () => {
    const lossFrom = (worse: TrainedExit): number =>
      lossOf(exitLoss(worse, tf.tensor2d([[0, 0]]), labels(), [tf.tensor2d([[-4, 0]])]));
    expect(lossFrom(distilled)).toBeCloseTo(0.5 * Math.log(2), 5);
    const ungated = { ...distilled, distils: [{ ...distil, gated: false }] };
    expect(lossFrom(ungated)).toBeGreaterThan(0.5 * Math.log(2) + 0.1);
  });

  it('passes no gradient through a stop', () => {
    const gradient = tf.grad(x => tf.sum(tf.add(tf.square(stopGradient(x)), x)))(tf.tensor1d([3]));
    expect(Array.from(gradient.dataSync())).toEqual([1]);
  });
});

describe('SGD with Nesterov momentum', () => {
  it('makes PyTorch’s steps: v ← μv + g + λw, w ← w − η(g + λw + μv)', () => {
    const optimizer = new NesterovSgd({ momentum: 0.9, weightDecay: 0.01 });
    const variable = tf.variable(tf.tensor1d([1]), true, 'w');
    let [w, v] = [1, 0];
    for (const g of [0.5, -0.25]) {
      optimizer.apply([{ variable, learningRate: 0.1 }], { w: tf.tensor1d([g]) });
      const decayed = g + 0.01 * w;
      v = 0.9 * v + decayed;
      w -= 0.1 * (decayed + 0.9 * v);
      expect(variable.dataSync()[0]).toBeCloseTo(w, 6);
    }
    optimizer.dispose();
    variable.dispose();
  });
});
