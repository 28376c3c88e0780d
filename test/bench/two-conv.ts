import * as tfl from '@tensorflow/tfjs-layers';

/** 28 × 28 × 1, conv 3 × 3 of 16, max pool, conv 3 × 3 of 32, max pool, dense 10: 20,490 parameters. */
export function buildTwoConv(classes: number, seed: number): tfl.Sequential {
  const kernel = (index: number) => ({
    kernelInitializer: tfl.initializers.heNormal({ seed: seed + index }),
  });
  const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({ ...conv, ...kernel(1), filters: 16, inputShape: [28, 28, 1] }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.conv2d({ ...conv, ...kernel(2), filters: 32 }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.flatten(),
      tfl.layers.dense({ ...kernel(3), units: classes }),
    ],
  });
}
