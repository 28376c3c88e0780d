import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkBuilder } from './network-builder.ts';

const STAGES = [[32, 32], [64, 64], [128]] as const;

/**
 * Convolutions of 32, 32, 64, 64 and 128 channels, each normalised, with a pool after every width; then the mean,
 * dense.
 */
export function buildDeepCnn(net: NetworkBuilder): LayersModel {
  let x = net.input;
  for (const [s, widths] of STAGES.entries()) {
    for (const [i, filters] of widths.entries()) {
      const name = `conv${s + 1}-${i + 1}`;
      x = net.relu(net.norm(net.conv(x, name, filters), `${name}-norm`), `${name}-relu`);
    }
    x = net.maxPool(x, `pool${s + 1}`);
  }
  return net.finish(x);
}
