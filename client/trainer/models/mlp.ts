import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkBuilder } from './network-builder.ts';

/**
 * A multilayer perceptron: dense layers of these widths with ReLU, on all numbers of the input at once. It takes pictures of
 * any shape, and the rows of a table.
 */
export const buildMlp = (net: NetworkBuilder, widths: readonly number[]): LayersModel =>
  net.finishDense(
    widths.reduce((x, units, i) => net.dense(x, `dense${i + 1}`, units), net.flatten(net.input)),
  );
