import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkBuilder } from './network-builder.ts';

const STAGES = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/**
 * VGG16 (arXiv 1409.1556) for CIFAR: 13 convolutions with bias as in the paper, each normalised, five pools, one
 * dense layer.
 * @param divisor of all widths
 */
export function buildVgg16(net: NetworkBuilder, divisor: number): LayersModel {
  let x = net.input;
  for (const [s, widths] of STAGES.entries()) {
    for (const [i, width] of widths.entries()) {
      const name = `conv${s + 1}-${i + 1}`;
      const y = net.conv(x, name, width / divisor, { useBias: true });
      x = net.relu(net.norm(y, `${name}-norm`), `${name}-relu`);
    }
    x = net.maxPool(x, `pool${s + 1}`);
  }
  return net.finish(x);
}
