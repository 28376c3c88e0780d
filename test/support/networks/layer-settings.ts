import type { KindName, Settings } from './layer-kinds.ts';

/** A value that each writer has its own form for: an initialiser by its class. */
export interface Initialiser {
  readonly initialiser: 'GlorotUniform' | 'Zeros' | 'Ones';
}

export const isInitialiser = (value: unknown): value is Initialiser =>
  typeof value === 'object' && value !== null && 'initialiser' in value;

const glorot: Initialiser = { initialiser: 'GlorotUniform' };
const zeros: Initialiser = { initialiser: 'Zeros' };
const ones: Initialiser = { initialiser: 'Ones' };

/** Null, as Keras writes what was not asked for. */
const none = (...keys: readonly string[]): Settings => Object.fromEntries(keys.map(key => [key, null]));

const channelsLast = { data_format: 'channels_last' };
const window = { strides: [1, 1], padding: 'valid', ...channelsLast, dilation_rate: [1, 1] };
const active = { activation: 'linear', use_bias: true };
const kernelAndBias = {
  ...{ kernel_initializer: glorot, bias_initializer: zeros },
  ...none('kernel_regularizer', 'bias_regularizer', 'kernel_constraint', 'bias_constraint'),
};
const biasOnly = { bias_initializer: zeros, ...none('bias_regularizer', 'bias_constraint') };
const depthwise = {
  ...{ depth_multiplier: 1, depthwise_initializer: glorot },
  ...none('depthwise_regularizer', 'depthwise_constraint'),
};
const pointwise = {
  ...{ pointwise_initializer: glorot },
  ...none('pointwise_regularizer', 'pointwise_constraint'),
};
const normed = {
  ...{ epsilon: 0.001, center: true, scale: true, beta_initializer: zeros, gamma_initializer: ones },
  ...none('beta_regularizer', 'gamma_regularizer', 'beta_constraint', 'gamma_constraint'),
};
const moving = { momentum: 0.99, moving_mean_initializer: zeros, moving_variance_initializer: ones };
const pool = { pool_size: [2, 2], strides: [2, 2], padding: 'valid', ...channelsLast };
const flipped = { mode: 'horizontal_and_vertical', seed: null };
const rotated = {
  factor: [-0.1, 0.1],
  fill_mode: 'reflect',
  fill_value: 0,
  interpolation: 'bilinear',
  seed: null,
};
const attention = {
  ...{ num_heads: 2, key_dim: 8, value_dim: 8, dropout: 0, use_bias: true, output_shape: null },
  ...{ attention_axes: [1], ...kernelAndBias, ...none('activity_regularizer') },
};
const activity = none('activity_regularizer');

/** What both versions of Keras write for a layer whose settings are Keras's own. */
export const commonSettings: Readonly<Record<KindName, Settings>> = {
  Conv2D: { ...window, ...active, groups: 1, ...kernelAndBias, ...activity },
  DepthwiseConv2D: { ...window, ...active, ...depthwise, ...biasOnly, ...activity },
  SeparableConv2D: { ...window, ...active, ...depthwise, ...pointwise, ...biasOnly, ...activity },
  Dense: { ...active, ...kernelAndBias },
  BatchNormalization: { axis: -1, ...normed, ...moving },
  LayerNormalization: { axis: [-1], ...normed },
  MultiHeadAttention: attention,
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  GlobalAveragePooling2D: { ...channelsLast, keepdims: false },
  ZeroPadding2D: {
    padding: [
      [1, 1],
      [1, 1],
    ],
    ...channelsLast,
  },
  Flatten: channelsLast,
  Reshape: {},
  Concatenate: { axis: -1 },
  Activation: {},
  ReLU: { max_value: null, negative_slope: 0, threshold: 0 },
  LeakyReLU: { negative_slope: 0.3 },
  Dropout: { rate: 0.5, noise_shape: null, seed: null },
  Rescaling: { scale: 1, offset: 0 },
  RandomFlip: flipped,
  RandomRotation: rotated,
  Add: {},
  Multiply: {},
};

/** What Keras 2 writes besides. */
export const keras2Settings: Partial<Record<KindName, Settings>> = {
  DepthwiseConv2D: { groups: 1 },
  SeparableConv2D: { groups: 1, ...kernelAndBias },
  Dense: activity,
  MultiHeadAttention: { softmax_robust_masking: false },
  RandomFlip: { rng_type: 'stateful' },
  RandomRotation: { rng_type: 'stateful' },
};

/** What Keras 3.15 writes besides. */
export const keras3Settings: Partial<Record<KindName, Settings>> = {
  Dense: { quantization_config: null },
  BatchNormalization: {
    ...{ synchronized: false, renorm: false, renorm_clipping: null, renorm_momentum: 0.99 },
  },
  LayerNormalization: { rms_scaling: false },
  MultiHeadAttention: { use_gate: false, sliding_window: null, seed: null },
  RandomFlip: channelsLast,
  RandomRotation: channelsLast,
};
