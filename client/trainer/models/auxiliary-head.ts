import * as tfl from '@tensorflow/tfjs-layers';

/** Side of the grid of averages that the head looks at. */
const GRID = 4;

/**
 * The auxiliary head A on a student segment: features averaged over a grid of about 4 × 4 patches, then a dense layer.
 * Linear, because a heavy head hurts (learning.md: above about 5 % of the MACs), and without the global average of a
 * convolutional one: that one took eight passes to a loss this one reaches in one. Left out at export.
 */
export function buildHead(
  featureShape: readonly number[],
  classes: number,
  seed: number,
  name: string,
): tfl.Sequential {
  const [height = GRID, width = GRID] = featureShape;
  return tfl.sequential({
    name,
    layers: [
      tfl.layers.averagePooling2d({
        name: `${name}-pool`,
        inputShape: [...featureShape],
        poolSize: [Math.max(1, Math.floor(height / GRID)), Math.max(1, Math.floor(width / GRID))],
      }),
      tfl.layers.flatten({ name: `${name}-flatten` }),
      tfl.layers.dense({
        name: `${name}-logits`,
        units: classes,
        kernelInitializer: tfl.initializers.heNormal({ seed }),
      }),
    ],
  });
}
