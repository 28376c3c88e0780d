import type * as tfl from '@tensorflow/tfjs-layers';
import { buildZooModel } from '../../client/trainer/models/model-zoo.ts';
import { buildTwoConv } from './two-conv.ts';

const SEED = 1;
const CIFAR = [32, 32, 3] as const;

/** Whatever `--models` may name. */
export const BENCH_MODELS = ['two-conv', 'cnn-5', 'vgg16-quarter', 'resnext29-8x4d', 'densenet-40-12'];

export interface BenchModel {
  readonly model: tfl.LayersModel;
  readonly inputShape: readonly [number, number, number];
}

/** Builds a model of the bench on the backend in use: its own small one, or one of the zoo on CIFAR's shape. */
export function buildBenchModel(name: string, classes: number): BenchModel {
  if (name === 'two-conv') return { model: buildTwoConv(classes, SEED), inputShape: [28, 28, 1] };
  return {
    model: buildZooModel({ name, inputShape: CIFAR, classes, seed: SEED }).model,
    inputShape: CIFAR,
  };
}
