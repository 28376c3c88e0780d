import * as tfl from '@tensorflow/tfjs-layers';

/**
 * The auxiliary head A on a student segment: conv 3×3 stride 2, ReLU, global average pool, dense (learning.md,
 * "Notation"; without the norm, which the small CNN does not have either). Left out at export.
 */
export function buildHead(
  featureShape: readonly number[],
  classes: number,
  seed: number,
  name: string,
): tfl.Sequential {
  const channels = featureShape.at(-1) ?? 1;
  return tfl.sequential({
    name,
    layers: [
      tfl.layers.conv2d({
        name: `${name}-conv`,
        inputShape: [...featureShape],
        filters: 2 * channels,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: tfl.initializers.heNormal({ seed }),
      }),
      tfl.layers.globalAveragePooling2d({ name: `${name}-pool` }),
      tfl.layers.dense({
        name: `${name}-logits`,
        units: classes,
        kernelInitializer: tfl.initializers.heNormal({ seed: seed + 1 }),
      }),
    ],
  });
}
