import type { Draw } from '../draw.ts';
import { ACTIVATIONS, batchOf, flag, type LayerTable, pictures } from './layer-setting.ts';

/** One to three axes behind the batch. */
const anyShape = (draw: Draw): number[] => [batchOf(draw), ...draw.sizes(draw.whole(1, 3), 6)];

const elementwise = (own: (draw: Draw) => Record<string, number>) => (draw: Draw) => ({
  config: own(draw),
  inputs: [anyShape(draw)],
});

const slope = (draw: Draw) => ({ alpha: draw.pick([0.05, 0.3, 1]) });

/** Several inputs of one shape. */
const merge = (draw: Draw) => {
  const shape = anyShape(draw);
  return { config: {}, inputs: Array.from({ length: draw.whole(2, 4) }, () => shape) };
};

/** Activations, norms, products and joints. */
export const FUNCTIONS: LayerTable = {
  Activation: draw => ({ config: { activation: draw.pick(ACTIVATIONS) }, inputs: [anyShape(draw)] }),
  ReLU: draw => ({
    config: flag(draw) ? { maxValue: draw.pick([0.5, 1, 6]) } : {},
    inputs: [anyShape(draw)],
  }),
  LeakyReLU: elementwise(slope),
  ELU: elementwise(() => ({})),
  ThresholdedReLU: draw => ({
    config: { theta: draw.pick([0.1, 0.5, 1]) },
    inputs: [anyShape(draw)],
    gradients: 'never',
  }),
  PReLU: draw => ({
    config: flag(draw) ? { sharedAxes: [1, 2] } : {},
    inputs: [pictures(draw)],
  }),
  Softmax: draw => ({ config: { axis: -1 }, inputs: [anyShape(draw)] }),
  Dense: draw => ({
    config: { units: draw.whole(1, 12), useBias: flag(draw), activation: draw.pick(ACTIVATIONS) },
    inputs: [anyShape(draw)],
  }),
  Bias: draw => ({ config: {}, inputs: [pictures(draw)] }),
  Rescaling: draw => ({
    config: { scale: draw.pick([2, 1 / 255]), offset: draw.pick([0, -1]) },
    inputs: [pictures(draw)],
  }),
  BatchNormalization: draw => ({
    config: {
      center: flag(draw),
      scale: flag(draw),
      momentum: draw.pick([0.9, 0.99]),
      epsilon: draw.pick([1e-3, 1e-2]),
    },
    inputs: [draw.pick([pictures(draw), [draw.whole(3, 6), draw.whole(2, 8)]])],
    gradients: 'in training',
  }),
  GroupNormalization: draw => {
    const groups = draw.whole(1, 4);
    const [n = 1, height = 1, width = 1] = pictures(draw);
    return {
      config: { groups, center: flag(draw), scale: flag(draw) },
      inputs: [[n, height, width, groups * draw.whole(2, 4)]],
    };
  },
  LayerNormalization: draw => ({
    config: { axis: draw.pick([[-1], [2, 3], [1, 2, 3]]), center: flag(draw), scale: flag(draw) },
    inputs: [[batchOf(draw), ...draw.sizes(3, 6, 3)]],
  }),
  Dropout: draw => ({
    config: { rate: draw.pick([0, 0.2, 0.7]), seed: draw.whole(1, 99) },
    inputs: [anyShape(draw)],
  }),
  SpatialDropout1D: draw => ({
    config: { rate: draw.pick([0.2, 0.7]), seed: draw.whole(1, 99) },
    inputs: [[batchOf(draw), draw.whole(2, 6), draw.whole(2, 6)]],
  }),
  GaussianNoise: draw => ({ config: { stddev: 0.5 }, inputs: [anyShape(draw)], trains: false }),
  GaussianDropout: draw => ({ config: { rate: 0.5 }, inputs: [anyShape(draw)], trains: false }),
  AlphaDropout: draw => ({ config: { rate: 0.5 }, inputs: [anyShape(draw)], trains: false }),
  Add: merge,
  Multiply: merge,
  Average: merge,
  Maximum: merge,
  Minimum: merge,
  Concatenate: draw => {
    const shape = anyShape(draw);
    const axis = draw.whole(1, shape.length - 1);
    const inputs = Array.from({ length: draw.whole(2, 4) }, () => shape.with(axis, draw.whole(1, 5)));
    // tf.layers takes every axis below zero for the last one.
    return { config: { axis: axis === shape.length - 1 && flag(draw) ? -1 : axis }, inputs };
  },
  Dot: draw => {
    const [n = 1, a = 1, b = 1, c = 1] = [batchOf(draw), ...draw.sizes(3, 6, 2)];
    return {
      config: { axes: [2, 1], normalize: flag(draw) },
      inputs: [
        [n, a, b],
        [n, b, c],
      ],
    };
  },
};
