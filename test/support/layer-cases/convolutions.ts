import type { Draw } from '../draw.ts';
import { ACTIVATIONS, batchOf, flag, type LayerTable, padding, pictures } from './layer-setting.ts';

/** Settings that every convolution has; the filter is never larger than what it moves over. */
const convolution = (draw: Draw, axes: number) => ({
  kernelSize: draw.sizes(axes, 4),
  strides: draw.sizes(axes, 3),
  padding: padding(draw),
  useBias: flag(draw),
  activation: draw.pick(ACTIVATIONS),
});

const channelsFirst = ([n = 1, h = 1, w = 1, c = 1]: readonly number[]): number[] => [n, c, h, w];

const isFirst = (draw: Draw): boolean => draw.whole(0, 4) === 0;

/** Sometimes with the channels first, which the layer turns round itself. Softmax over them would be another axis. */
function planar(draw: Draw, own: (draw: Draw) => object) {
  const shape = pictures(draw);
  const config = { ...convolution(draw, 2), ...own(draw) };
  return isFirst(draw)
    ? {
        config: { ...config, activation: 'relu', dataFormat: 'channelsFirst' },
        inputs: [channelsFirst(shape)],
      }
    : { config, inputs: [shape] };
}

const filters = (draw: Draw) => ({ filters: draw.whole(1, 9) });
const depth = (draw: Draw) => ({ depthMultiplier: draw.whole(1, 3) });

export const CONVOLUTIONS: LayerTable = {
  Conv2D: draw => planar(draw, filters),
  DepthwiseConv2D: draw => planar(draw, depth),
  SeparableConv2D: draw => {
    const strides = draw.whole(1, 3);
    const config = { ...convolution(draw, 2), ...filters(draw), ...depth(draw), strides: [strides, strides] };
    return { config, inputs: [pictures(draw)] };
  },
  Conv2DTranspose: draw => planar(draw, filters),
  Conv1D: draw => ({
    config: { ...convolution(draw, 1), ...filters(draw) },
    inputs: [[batchOf(draw), draw.whole(4, 12), draw.whole(1, 6)]],
  }),
  Conv3D: draw => ({
    // Others take a choice by element, which WebGPU makes over four axes at most.
    config: { ...convolution(draw, 3), ...filters(draw), activation: draw.pick(['linear', 'relu', 'tanh']) },
    inputs: [[batchOf(draw), ...draw.sizes(3, 6, 4), draw.whole(1, 3)]],
  }),
  Conv3DTranspose: draw => ({
    config: { ...convolution(draw, 3), ...filters(draw) },
    inputs: [[batchOf(draw), ...draw.sizes(3, 4, 2), draw.whole(1, 3)]],
    gradients: 'never',
  }),
  GroupedConv2D: draw => {
    const groups = draw.whole(1, 4);
    const [n = 1, height = 1, width = 1] = pictures(draw);
    return {
      config: { ...convolution(draw, 2), groups, filters: groups * draw.whole(1, 3) },
      inputs: [[n, height, width, groups * draw.whole(1, 3)]],
    };
  },
  UpSampling2D: draw => ({
    config: {
      size: draw.sizes(2, 3),
      ...(flag(draw) ? { interpolation: draw.pick(['nearest', 'bilinear']) } : {}),
    },
    inputs: [pictures(draw, 1, 6)],
  }),
};
