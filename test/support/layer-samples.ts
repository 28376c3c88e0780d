import * as tfl from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '../../client/trainer/layers/batch-normalization.ts';
import { Bias } from '../../client/trainer/layers/bias.ts';
import { GroupNormalization } from '../../client/trainer/layers/group-normalization.ts';
import { GroupedConv2D } from '../../client/trainer/layers/grouped-conv2d.ts';
import { LayerNormalization } from '../../client/trainer/layers/layer-normalization.ts';
import { Resizing } from '../../client/trainer/layers/resizing.ts';

type MakeLayer = () => tfl.layers.Layer;

const { layers } = tfl;

const activations = [
  ...(['elu', 'gelu', 'gelu_new', 'hardSigmoid', 'linear', 'mish', 'relu', 'relu6', 'selu'] as const),
  ...(['sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'] as const),
];

const conv = { filters: 3, kernelSize: [3, 2] as [number, number], strides: 2 };

/**
 * Layers that take pictures of [6, 6, 4], by class and in the settings that lead to other kernels. They
 * are every class that a host may bring, but for those that become others, and two that may be some day.
 */
export const LAYER_SAMPLES: Readonly<Record<string, readonly MakeLayer[]>> = {
  Activation: activations.map(activation => () => layers.activation({ activation })),
  AlphaDropout: [() => layers.alphaDropout({ rate: 0.5 })],
  AveragePooling2D: [() => layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  BatchNormalization: [() => new BatchNormalization({}), () => new BatchNormalization({ scale: false })],
  Bias: [() => new Bias()],
  Conv2D: activations.map(activation => () => layers.conv2d({ ...conv, padding: 'same', activation })),
  Conv2DTranspose: [() => layers.conv2dTranspose({ ...conv, padding: 'same' })],
  Cropping2D: [
    () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
  ],
  Dense: activations.map(activation => () => layers.dense({ units: 3, activation })),
  DepthwiseConv2D: [
    () => layers.depthwiseConv2d({ kernelSize: [3, 2], strides: 3, padding: 'same', depthMultiplier: 2 }),
  ],
  Dropout: [() => layers.dropout({ rate: 0.5, seed: 3 })],
  ELU: [() => layers.elu()],
  Flatten: [() => layers.flatten()],
  GaussianDropout: [() => layers.gaussianDropout({ rate: 0.5 })],
  GaussianNoise: [() => layers.gaussianNoise({ stddev: 0.5 })],
  GlobalAveragePooling2D: [() => layers.globalAveragePooling2d({})],
  GlobalMaxPooling2D: [() => layers.globalMaxPooling2d({})],
  GroupNormalization: [() => new GroupNormalization({ groups: 2 })],
  GroupedConv2D: [() => new GroupedConv2D({ filters: 4, kernelSize: 3, groups: 2, activation: 'relu' })],
  LayerNormalization: [() => new LayerNormalization({}), () => new LayerNormalization({ axis: [1, 2, 3] })],
  LeakyReLU: [() => layers.leakyReLU({ alpha: 0.1 })],
  MaxPooling2D: [() => layers.maxPooling2d({ poolSize: 2, strides: 3, padding: 'same' })],
  PReLU: [() => layers.prelu(), () => layers.prelu({ sharedAxes: [1, 2], alphaInitializer: 'ones' })],
  Permute: [() => layers.permute({ dims: [3, 1, 2] })],
  ReLU: [() => layers.reLU(), () => layers.reLU({ maxValue: 6 })],
  Rescaling: [() => layers.rescaling({ scale: 2, offset: -1 })],
  Reshape: [() => layers.reshape({ targetShape: [6, 12, 2] })],
  Resizing: [
    () => new Resizing({ height: 9, width: 4 }),
    () => new Resizing({ height: 4, width: 9, interpolation: 'nearest' }),
  ],
  SeparableConv2D: [() => layers.separableConv2d({ ...conv, padding: 'same' })],
  Softmax: [() => layers.softmax({ axis: -1 })],
  UpSampling2D: [
    () => layers.upSampling2d({ size: [2, 3] }),
    () => layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
  ],
  ZeroPadding2D: [
    () =>
      layers.zeroPadding2d({
        padding: [
          [0, 1],
          [1, 2],
        ],
      }),
  ],
};

/** Layers that take two pictures, of which the second may be one row of channels. */
export const JOINT_SAMPLES: Readonly<Record<string, MakeLayer>> = {
  Add: () => layers.add(),
  Average: () => layers.average(),
  Concatenate: () => layers.concatenate(),
  Maximum: () => layers.maximum(),
  Minimum: () => layers.minimum(),
  Multiply: () => layers.multiply(),
};
