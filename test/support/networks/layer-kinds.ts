/** Sizes of one example, without the batch. */
export type Shape = readonly number[];

/** A layer's settings by Keras 3's keys. */
export type Settings = Readonly<Record<string, unknown>>;

/** What a layer of one of Keras's classes puts out, and which weights it has. */
interface LayerKind {
  output(inputs: readonly Shape[], settings: Settings): Shape;
  /** By the name that tf.layers gives them. */
  weights?(input: Shape, settings: Settings): Readonly<Record<string, Shape>>;
}

const number = (value: unknown): number => {
  if (typeof value !== 'number') throw new TypeError(`${value} is not a number`);
  return value;
};

const numbers = (value: unknown): number[] => {
  if (!Array.isArray(value)) throw new TypeError(`${value} is not a list of numbers`);
  return value.map(number);
};

const same = ([input = []]: readonly Shape[]): Shape => input;

const channelsOf = (shape: Shape): number => number(shape.at(-1));

/** Height and width behind a window that moves over the picture. */
function slid([height = 0, width = 0]: Shape, { padding, strides }: Settings, window: readonly number[]) {
  const steps = numbers(strides);
  return [height, width].map((size, axis) => {
    const step = steps[axis] ?? 1;
    return padding === 'same' ? Math.ceil(size / step) : Math.floor((size - (window[axis] ?? 1)) / step) + 1;
  });
}

const biasOf = ({ use_bias }: Settings, size: number) => (use_bias === true ? { bias: [size] } : {});

function scaleAndShift({ center, scale }: Settings, size: number) {
  return { ...(scale === true ? { gamma: [size] } : {}), ...(center === true ? { beta: [size] } : {}) };
}

const pool: LayerKind = {
  output: ([input = []], settings) => [
    ...slid(input, settings, numbers(settings.pool_size)),
    channelsOf(input),
  ],
};

const globalPool: LayerKind = {
  output: ([input = []], { keepdims }) =>
    keepdims === true ? [1, 1, channelsOf(input)] : [channelsOf(input)],
};

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

const unchanged: LayerKind = { output: same };

const conv: LayerKind = {
  output: ([input = []], settings) => [
    ...slid(input, settings, numbers(settings.kernel_size)),
    number(settings.filters),
  ],
  weights: (input, settings) => ({
    kernel: [...numbers(settings.kernel_size), channelsOf(input), number(settings.filters)],
    ...biasOf(settings, number(settings.filters)),
  }),
};

const depthwise: LayerKind = {
  output: ([input = []], settings) => [
    ...slid(input, settings, numbers(settings.kernel_size)),
    channelsOf(input) * number(settings.depth_multiplier),
  ],
  weights: (input, settings) => ({
    depthwise_kernel: [
      ...numbers(settings.kernel_size),
      channelsOf(input),
      number(settings.depth_multiplier),
    ],
    ...biasOf(settings, channelsOf(input) * number(settings.depth_multiplier)),
  }),
};

const separable: LayerKind = {
  output: conv.output,
  weights: (input, settings) => {
    const [filters, multiplier] = [number(settings.filters), number(settings.depth_multiplier)];
    return {
      depthwise_kernel: [...numbers(settings.kernel_size), channelsOf(input), multiplier],
      pointwise_kernel: [1, 1, channelsOf(input) * multiplier, filters],
      ...biasOf(settings, filters),
    };
  },
};

const dense: LayerKind = {
  output: ([input = []], { units }) => [...input.slice(0, -1), number(units)],
  weights: (input, settings) => ({
    kernel: [channelsOf(input), number(settings.units)],
    ...biasOf(settings, number(settings.units)),
  }),
};

const batchNorm: LayerKind = {
  output: same,
  weights: (input, settings) => {
    const size = channelsOf(input);
    return { ...scaleAndShift(settings, size), moving_mean: [size], moving_variance: [size] };
  },
};

const layerNorm: LayerKind = {
  output: same,
  weights: (input, settings) => scaleAndShift(settings, channelsOf(input)),
};

const attention: LayerKind = {
  output: same,
  weights: (input, { num_heads, key_dim }) => {
    const [heads, size, width] = [number(num_heads), number(key_dim), channelsOf(input)];
    const into = (name: string) => ({
      [`${name}/kernel`]: [width, heads, size],
      [`${name}/bias`]: [heads, size],
    });
    const back = { 'attention_output/kernel': [heads, size, width], 'attention_output/bias': [width] };
    return { ...into('query'), ...into('key'), ...into('value'), ...back };
  },
};

const padding: LayerKind = {
  output: ([[height = 0, width = 0, channels = 0] = []], settings) => {
    const [[top = 0, bottom = 0] = [], [left = 0, right = 0] = []] = pairs(settings.padding);
    return [height + top + bottom, width + left + right, channels];
  },
};

const pairs = (value: unknown): number[][] => (Array.isArray(value) ? value.map(numbers) : []);

const concatenate: LayerKind = {
  output: inputs => [...same(inputs).slice(0, -1), inputs.reduce((sum, shape) => sum + channelsOf(shape), 0)],
};

/** Every class of Keras's that the networks use. */
export const layerKinds = {
  Conv2D: conv,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Dense: dense,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  MultiHeadAttention: attention,
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  GlobalAveragePooling2D: globalPool,
  ZeroPadding2D: padding,
  Flatten: { output: ([input = []]) => [sizeOf(input)] },
  Reshape: { output: (_, { target_shape }) => numbers(target_shape) },
  Concatenate: concatenate,
  Activation: unchanged,
  ReLU: unchanged,
  LeakyReLU: unchanged,
  Dropout: unchanged,
  Rescaling: unchanged,
  RandomFlip: unchanged,
  RandomRotation: unchanged,
  Add: unchanged,
  Multiply: unchanged,
} satisfies Readonly<Record<string, LayerKind>>;

export type KindName = keyof typeof layerKinds;

export const kindOf = (name: KindName): LayerKind => layerKinds[name];
