import type { Draw } from '../draw.ts';
import { batchOf, flag, type LayerTable, padding, pictures } from './layer-setting.ts';

const pooling = (draw: Draw, axes: number) => ({
  poolSize: draw.sizes(axes, 4),
  strides: flag(draw) ? draw.sizes(axes, 4) : null,
  padding: padding(draw),
});

const series = (draw: Draw): number[] => [batchOf(draw), draw.whole(4, 12), draw.whole(1, 6)];

const over1 = (draw: Draw) => {
  const { poolSize, strides, padding } = pooling(draw, 1);
  return {
    config: { poolSize: poolSize[0] ?? 1, strides: strides?.[0] ?? null, padding },
    inputs: [series(draw)],
  };
};
const over2 = (draw: Draw) => ({ config: pooling(draw, 2), inputs: [pictures(draw)] });
const over3 = (draw: Draw) => ({
  config: pooling(draw, 3),
  inputs: [[batchOf(draw), ...draw.sizes(3, 6, 4), draw.whole(1, 3)]],
});

export const POOLINGS: LayerTable = {
  MaxPooling1D: over1,
  AveragePooling1D: over1,
  MaxPooling2D: over2,
  AveragePooling2D: over2,
  AveragePooling3D: over3,
  GlobalMaxPooling1D: draw => ({ config: {}, inputs: [series(draw)] }),
  GlobalAveragePooling1D: draw => ({ config: {}, inputs: [series(draw)] }),
  GlobalMaxPooling2D: draw => ({ config: {}, inputs: [pictures(draw)] }),
  GlobalAveragePooling2D: draw => ({ config: {}, inputs: [pictures(draw)] }),
};
