import * as tfl from '@tensorflow/tfjs-layers';
import type { ModelRequest } from '../trainer-api.ts';
import { nearZeroInitializer } from './near-zero-initializer.ts';

/**
 * A small CNN: conv, pool, conv, pool, dense; the widths are those of the convolutions. With 16 and 32 it has about
 * 20,000 parameters on 28×28×1. It puts out logits, without a softmax. He initialisation from the seed, near zero for
 * the logits.
 */
export function buildCnn(
  { name, inputShape, classes, seed }: ModelRequest,
  widths: readonly [number, number],
): tfl.LayersModel {
  const conv = (index: number, filters: number, first?: readonly number[]) =>
    tfl.layers.conv2d({
      name: `conv${index}`,
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tfl.initializers.heNormal({ seed: seed + index }),
      ...(first ? { inputShape: [...first] } : {}),
    });
  return tfl.sequential({
    name,
    layers: [
      conv(1, widths[0], inputShape),
      tfl.layers.maxPooling2d({ name: 'pool1', poolSize: 2 }),
      conv(2, widths[1]),
      tfl.layers.maxPooling2d({ name: 'pool2', poolSize: 2 }),
      tfl.layers.flatten({ name: 'flatten' }),
      tfl.layers.dense({
        name: 'logits',
        units: classes,
        kernelInitializer: nearZeroInitializer(seed + 3),
      }),
    ],
  });
}
