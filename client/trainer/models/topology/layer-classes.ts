import { inputLayerClass } from '../model-graph.ts';
import { initializer } from './initializers.ts';
import { own } from './json-fields.ts';
import {
  axes,
  borders,
  channelsLast,
  count,
  flag,
  float32,
  groupCount,
  ignored,
  notDilated,
  notNegative,
  number,
  numberAs,
  numbers,
  oneAxis,
  oneOf,
  only,
  pair,
  penalty,
  permutation,
  pictureType,
  rate,
  type Settings,
  shape,
  unread,
} from './settings.ts';

/** A class of layers: every setting that Keras 2, Keras 3 or tf.layers writes for it, and how it is read. */
export interface LayerClass {
  readonly settings: Settings;
  /** Settings that it cannot do without. */
  readonly required?: readonly string[];
  /** What Keras takes if a setting is left out, if tf.layers would take something else. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Settings that mean something if they are null, and what. Others are left out if they are null. */
  readonly refusedNulls?: Readonly<Record<string, string>>;
}

const lora = only(null, 'fine-tuning by LoRA is not trained here: merge it into the kernel before you save');
const quantized = only(
  null,
  'quantised layers are not trained here: save the network before you quantise it',
);

/** Every layer has these. Those that begin with `batch_` or `input_` are the first layer's, and say the input's shape. */
export const everywhere: Settings = {
  name: ignored,
  trainable: flag,
  dtype: float32,
  batch_input_shape: ignored,
  batch_shape: ignored,
  build_input_shape: ignored,
  input_dtype: ignored,
  activity_regularizer: penalty,
  autocast: ignored,
  quantization_config: quantized,
};

/** Initialiser, penalty and bound of each of these weights. */
const weights = (...names: readonly string[]): Settings =>
  Object.fromEntries(
    names.flatMap(name => [
      [`${name}_initializer`, initializer],
      [`${name}_regularizer`, penalty],
      [`${name}_constraint`, penalty],
    ]),
  );

const layer = (settings: Settings = {}, rest: Omit<LayerClass, 'settings'> = {}): LayerClass => ({
  settings: { ...everywhere, ...settings },
  ...rest,
});

const oneGroup = only(1, 'only 1 is possible in a layer of this class');

const convolution: Settings = {
  kernel_size: pair,
  strides: pair,
  padding: oneOf('same', 'valid'),
  data_format: channelsLast,
  dilation_rate: notDilated,
  activation: unread,
  use_bias: flag,
  ...weights('bias'),
  // Keras and tf.layers write how many axes they slide over.
  rank: ignored,
};

const pool = layer({
  pool_size: pair,
  strides: pair,
  padding: oneOf('same', 'valid'),
  data_format: channelsLast,
});

const globalPool = layer({ data_format: channelsLast, keepdims: flag });

const center = { center: flag, scale: flag, epsilon: notNegative, ...weights('beta', 'gamma') };

const noRenorm = only(false, 'batch renormalisation is not trained here');

const merge = layer();

const noise = { seed: ignored, noise_shape: unread };

/** Keras's initialiser of kernels, if a file says none. tf.layers would take the normal distribution. */
const GLOROT = 'glorot_uniform';

/** The classes that have a forward pass and a gradient on every backend, and a known cost. */
export const layerClasses: Readonly<Record<string, LayerClass>> = {
  [inputLayerClass]: layer({
    batch_input_shape: unread,
    batch_shape: unread,
    dtype: pictureType,
    sparse: only(false, 'sparse inputs are not read here'),
    ragged: only(false, 'ragged inputs are not read here'),
    optional: only(false, 'a network takes one picture'),
  }),
  Conv2D: layer(
    {
      ...convolution,
      ...weights('kernel'),
      filters: count,
      groups: count,
      lora_rank: lora,
      lora_alpha: lora,
    },
    { required: ['filters', 'kernel_size'], defaults: { kernel_initializer: GLOROT } },
  ),
  GroupedConv2D: layer(
    { ...convolution, ...weights('kernel'), filters: count, groups: count },
    { required: ['filters', 'kernel_size'], defaults: { kernel_initializer: GLOROT } },
  ),
  DepthwiseConv2D: layer(
    { ...convolution, ...weights('depthwise'), depth_multiplier: count, groups: oneGroup },
    { required: ['kernel_size'], defaults: { depthwise_initializer: GLOROT } },
  ),
  SeparableConv2D: layer(
    {
      // Keras 2 writes the settings of a kernel that this class does not have.
      ...{ kernel_initializer: ignored, kernel_regularizer: ignored, kernel_constraint: ignored },
      ...{ ...convolution, ...weights('depthwise', 'pointwise') },
      ...{ filters: count, depth_multiplier: count, groups: oneGroup },
    },
    {
      required: ['filters', 'kernel_size'],
      defaults: { depthwise_initializer: GLOROT, pointwise_initializer: GLOROT },
    },
  ),
  Dense: layer(
    {
      ...{ units: count, activation: unread, use_bias: flag, ...weights('kernel', 'bias') },
      ...{ lora_rank: lora, lora_alpha: lora, quantization_mode: quantized },
    },
    { required: ['units'], defaults: { kernel_initializer: GLOROT } },
  ),
  BatchNormalization: layer({
    ...{ ...center, axis: oneAxis, momentum: rate },
    ...{ moving_mean_initializer: initializer, moving_variance_initializer: initializer },
    ...{ renorm: noRenorm, renorm_clipping: ignored, renorm_momentum: ignored },
    virtual_batch_size: only(null, 'virtual batches are not trained here'),
    adjustment: only(null, 'adjustments are not trained here'),
    // How it is computed, and over which machines: here each volunteer has its own batch.
    ...{ fused: ignored, synchronized: ignored },
  }),
  LayerNormalization: layer({
    ...{ ...center, axis: axes },
    rms_scaling: only(false, 'scaling by the root mean square is not trained here'),
  }),
  GroupNormalization: layer({ ...center, groups: groupCount, axis: oneAxis }),
  Activation: layer({ activation: unread }, { required: ['activation'] }),
  ReLU: layer({
    max_value: notNegative,
    negative_slope: notNegative,
    threshold: only(0, 'tfjs has no gradient for a threshold'),
  }),
  LeakyReLU: layer({ alpha: number, negative_slope: numberAs('alpha') }),
  PReLU: layer({ ...weights('alpha'), shared_axes: permutation }),
  ELU: layer({ alpha: only(1, 'tf.layers knows only 1') }),
  Softmax: layer({ axis: oneAxis }, { defaults: { axis: -1 } }),
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  GlobalMaxPooling2D: globalPool,
  GlobalAveragePooling2D: globalPool,
  ZeroPadding2D: layer({ padding: borders, data_format: channelsLast }),
  Cropping2D: layer({ cropping: borders, data_format: channelsLast }),
  Flatten: layer({ data_format: channelsLast }),
  Reshape: layer({ target_shape: shape }, { required: ['target_shape'] }),
  Permute: layer({ dims: permutation }, { required: ['dims'] }),
  Dropout: layer({ ...noise, rate }, { required: ['rate'] }),
  SpatialDropout2D: layer({ ...noise, rate, data_format: channelsLast }, { required: ['rate'] }),
  GaussianDropout: layer({ rate, seed: ignored }, { required: ['rate'] }),
  AlphaDropout: layer({ ...noise, rate }, { required: ['rate'] }),
  GaussianNoise: layer({ stddev: notNegative, seed: ignored }, { required: ['stddev'] }),
  Rescaling: layer({ scale: numbers, offset: numbers }, { required: ['scale'] }),
  Resizing: layer(
    {
      ...{ height: count, width: count, interpolation: oneOf('bilinear', 'nearest') },
      crop_to_aspect_ratio: only(false, 'pictures are not cropped before they are resized here'),
      pad_to_aspect_ratio: only(false, 'pictures are not padded before they are resized here'),
      antialias: only(false, 'pictures are not smoothed before they are resized here'),
      ...{ data_format: channelsLast, fill_mode: ignored, fill_value: ignored },
    },
    { required: ['height', 'width'] },
  ),
  Identity: layer(),
  ActivityRegularization: layer({ l1: ignored, l2: ignored }),
  Bias: layer(),
  Add: merge,
  Subtract: merge,
  Multiply: merge,
  Average: merge,
  Maximum: merge,
  Minimum: merge,
  Concatenate: layer({ axis: oneAxis }),
};

/** The same class under the names that Keras gave it in the course of time. */
const aliases: Readonly<Record<string, string>> = {
  Convolution2D: 'Conv2D',
  SeparableConvolution2D: 'SeparableConv2D',
  MaxPool2D: 'MaxPooling2D',
  AvgPool2D: 'AveragePooling2D',
  GlobalMaxPool2D: 'GlobalMaxPooling2D',
  GlobalAvgPool2D: 'GlobalAveragePooling2D',
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  SyncBatchNormalization: 'BatchNormalization',
};

/** The class's own name. Keras writes registered classes as `package>Name`. */
export const classNameOf = (given: string): string => {
  const name = given.replace(/^keras(\.layers)?>|^Keras>/, '');
  return own(aliases, name) ?? name;
};
