/**
 * The networks that a host can choose without a model file. The command line, the page and the tests offer them, and
 * the trainer builds them. Pure data: only the trainer knows tfjs.
 */
export type ZooArchitecture =
  /** conv, pool, conv, pool, dense. */
  | { readonly family: 'small-cnn'; readonly widths: readonly [number, number] }
  /** A convolution of each width, each with a pool behind it; then dense, on all places. */
  | { readonly family: 'flat-cnn'; readonly widths: readonly number[] }
  /** Dense layers of these widths, on all numbers of the input at once: for tables, whose columns have no neighbours. */
  | { readonly family: 'mlp'; readonly widths: readonly number[] }
  /** Convolutions of 32, 32, pool, 64, 64, pool, 128, pool, mean, dense. */
  | { readonly family: 'deep-cnn' }
  /** VGG16 (Simonyan, Zisserman: arXiv 1409.1556) as for CIFAR, one dense layer; its widths divided by `divisor`. */
  | { readonly family: 'vgg16'; readonly divisor: number }
  /** ResNeXt (Xie et al.: arXiv 1611.05431) as for CIFAR: three stages (the paper's word) of `blocks` each. */
  | {
      readonly family: 'resnext';
      readonly blocks: number;
      readonly cardinality: number;
      /** Width of a path in the first stage. */
      readonly pathWidth: number;
      /** The first stage puts out 64 × widen channels. */
      readonly widen: number;
      readonly stem: Stem;
    }
  /** DenseNet-BC (Huang et al.: arXiv 1608.06993) as for CIFAR, compression 0.5. */
  | { readonly family: 'densenet'; readonly depth: number; readonly growth: number; readonly stem: Stem };

export interface Stem {
  readonly filters: number;
  /** With 2, all that follows has a quarter of the positions: for devices without a fast GPU. */
  readonly strides: 1 | 2;
}

/** GroupNorm keeps no running statistics: frozen features are exact, and averaging over unlike data does no harm. */
export type Norm = 'group' | 'batch';

export interface ZooEntry {
  readonly name: string;
  readonly norm: Norm;
  readonly architecture: ZooArchitecture;
}

const stem = (filters: number, strides: 1 | 2 = 1): Stem => ({ filters, strides });

const resnext = (
  blocks: number,
  [cardinality, pathWidth]: readonly [number, number],
  widen: number,
  strides: 1 | 2,
): ZooArchitecture => ({
  family: 'resnext',
  blocks,
  cardinality,
  pathWidth,
  widen,
  stem: stem(64, strides),
});

const densenet = (depth: number, strides: 1 | 2 = 1): ZooArchitecture => ({
  family: 'densenet',
  depth,
  growth: 12,
  stem: stem(24, strides),
});

/** Without normalisation. `cnn-tiny` is for the weakest devices, and for WebGPU without a GPU; `mlp` takes tables too. */
const plain: readonly (readonly [string, ZooArchitecture])[] = [
  ['cnn', { family: 'small-cnn', widths: [16, 32] }],
  ['cnn-tiny', { family: 'small-cnn', widths: [4, 8] }],
  ['mlp', { family: 'mlp', widths: [64, 32] }],
];

/** Millions of parameters and of multiply-accumulates on 32 × 32 × 3 beside each. */
const normalised: readonly (readonly [string, ZooArchitecture])[] = [
  ['cnn-3', { family: 'flat-cnn', widths: [16, 32, 64] }], // 0.034, 2.8
  ['cnn-4', { family: 'flat-cnn', widths: [16, 32, 128, 128] }], // 0.195, 6.3
  ['cnn-5', { family: 'deep-cnn' }], // 0.141, 29
  ['vgg16', { family: 'vgg16', divisor: 1 }], // 14.73, 313
  ['vgg16-quarter', { family: 'vgg16', divisor: 4 }], // 0.92, 19.9
  ['resnext29-8x64', resnext(3, [8, 64], 4, 1)], // 34.43, 5390
  ['resnext29-32x4', resnext(3, [32, 4], 4, 1)], // 4.78, 774
  ['resnext29-8x4', resnext(3, [8, 4], 2, 1)], // 0.735, 119
  ['resnext20-8x4', resnext(2, [8, 4], 1, 2)], // 0.25, 10.6
  ['densenet-100-12', densenet(100)], // 0.769, 288
  ['densenet-40-12', densenet(40)], // 0.176, 72
  ['densenet-28-12', densenet(28, 2)], // 0.10, 10.9
];

/** Group norm unless the name ends in `-bn`. */
export const zooEntries: readonly ZooEntry[] = [
  ...[...plain, ...normalised].map(
    ([name, architecture]) => ({ name, norm: 'group', architecture }) as const,
  ),
  ...normalised.map(([name, architecture]) => ({ name: `${name}-bn`, norm: 'batch', architecture }) as const),
];

/**
 * The learning rate if the run does not say one: a rate at which the network learns from the first round on. Deep
 * networks stall at the rate of small ones (1,000 glyphs, VGG16 at a quarter width: loss 2.34 after two passes at 0.05,
 * 0.28 after three at 0.003). A host's own network is taken for a deep one.
 */
export const learningRateFor = (model: string): number =>
  plain.some(([name]) => name === model) ? 0.05 : 0.01;

/** The network if a host names none. No convolution makes sense of a table. */
export const networkIfUnnamed = (isTable: boolean): string => (isTable ? 'mlp' : 'cnn');

/** Whether this network of the zoo can take rows of a table, which are pictures of 1 × columns × 1. */
export const takesTables = (model: string): boolean =>
  zooEntries.some(({ name, architecture }) => name === model && architecture.family === 'mlp');

export const zooNames: readonly string[] = zooEntries.map(({ name }) => name);
