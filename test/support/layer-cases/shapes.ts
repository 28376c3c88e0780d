import type { Draw } from '../draw.ts';
import { batchOf, flag, type LayerTable, pictures } from './layer-setting.ts';

const edges = (draw: Draw): number[][] => [draw.sizes(2, 2, 0), draw.sizes(2, 2, 0)];

/** Layers that move values and change none. */
export const SHAPES: LayerTable = {
  ZeroPadding2D: draw => ({ config: { padding: edges(draw) }, inputs: [pictures(draw)] }),
  Cropping2D: draw => ({ config: { cropping: edges(draw) }, inputs: [pictures(draw, 5)] }),
  Resizing: draw => ({
    config: {
      ...{ height: draw.whole(1, 9), width: draw.whole(1, 9) },
      interpolation: draw.pick(['bilinear', 'nearest']),
    },
    inputs: [pictures(draw)],
  }),
  Flatten: draw => ({ config: {}, inputs: [pictures(draw)] }),
  Reshape: draw => {
    const [n = 1, a = 1, b = 1, c = 1] = [batchOf(draw), ...draw.sizes(3, 5)];
    return {
      config: { targetShape: draw.pick([[a * b * c], [c, b, a], [-1, a], [1, a * b, c]]) },
      inputs: [[n, a, b, c]],
    };
  },
  Permute: draw => ({
    config: {
      dims: draw.pick([
        [1, 2, 3],
        [3, 1, 2],
        [2, 1, 3],
        [3, 2, 1],
      ]),
    },
    inputs: [pictures(draw)],
  }),
  RepeatVector: draw => ({ config: { n: draw.whole(1, 4) }, inputs: [[batchOf(draw), draw.whole(1, 6)]] }),
  Masking: draw => ({
    config: { maskValue: flag(draw) ? 0 : 1 },
    inputs: [[batchOf(draw), draw.whole(2, 5), draw.whole(1, 5)]],
    gradients: 'never',
  }),
};
