import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkBuilder } from './network-builder.ts';

/**
 * A normalised convolution and a pool for each width, then a dense layer on all places and channels. The first
 * convolution alone is a student of a few per cent of the multiply-accumulates.
 */
export function buildFlatCnn(net: NetworkBuilder, widths: readonly number[]): LayersModel {
  let x = net.input;
  for (const [i, filters] of widths.entries()) {
    const name = `conv${i + 1}`;
    x = net.relu(net.norm(net.conv(x, name, filters), `${name}-norm`), `${name}-relu`);
    x = net.maxPool(x, `pool${i + 1}`);
  }
  return net.finishFlat(x);
}
