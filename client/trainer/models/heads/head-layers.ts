import * as tfl from '@tensorflow/tfjs-layers';
import { linearPatch } from '../../../../shared/plan/cost/linear-grid.ts';
import { GroupNormalization } from '../../layers/group-normalization.ts';
import { heInitializer } from '../he-initializer.ts';
import { nearZeroInitializer } from '../near-zero-initializer.ts';
import { EPSILON, groupsFor } from '../network-builder.ts';

export interface HeadRequest {
  readonly name: string;
  readonly classes: number;
  readonly seed: number;
  /** Sizes of one example's features: height, width and channels of a picture, or one number. */
  readonly featureShape: readonly number[];
  /** Of the whole network; a head's work is limited to a share of it. */
  readonly networkMacs: number;
  /** Whether its logits are added to those of heads before it. It then begins near zero, so that it undoes nothing. */
  readonly addsToOthers?: boolean;
}

type Layer = tfl.layers.Layer;
export type PictureShape = readonly [height: number, width: number, channels: number];

/**
 * As PyTorch's Linear: variance 1 / (3 · fan-in). He's variance is six times that and meant for layers before a ReLU.
 * With it the loss starts at 3 to 5, while chance is 2.3 (2 passes over 1,000 glyphs at rate 0.01 then end at 0.67
 * and not at 0.39, with the CNN of five layers).
 */
const LOGITS = { scale: 1 / 3, mode: 'fanIn', distribution: 'uniform' } as const;

/** A model of these layers, one after the other. */
export function chainOf({ name, featureShape }: HeadRequest, layers: readonly Layer[]): tfl.LayersModel {
  const input = tfl.input({ shape: [...featureShape], name: `${name}-input` });
  const outputs = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, input);
  return tfl.model({ name, inputs: input, outputs });
}

/** The shape if it is a picture's; null if the features are plain numbers. */
export function pictureShape(shape: readonly number[]): PictureShape | null {
  const [height, width, channels, ...more] = shape;
  return height === undefined || width === undefined || channels === undefined || more.length > 0
    ? null
    : [height, width, channels];
}

export const logits = ({ name, classes, seed, addsToOthers = false }: HeadRequest): Layer =>
  tfl.layers.dense({
    name: `${name}-logits`,
    units: classes,
    kernelInitializer: addsToOthers
      ? nearZeroInitializer(seed)
      : tfl.initializers.varianceScaling({ ...LOGITS, seed }),
  });

/**
 * Turns a picture into numbers: averages over a grid of about 4 × 4 patches, or a coarser grid if that would be
 * heavy.
 */
export function gridAverages(request: HeadRequest): Layer[] {
  const shape = pictureShape(request.featureShape);
  if (!shape) return [];
  return [
    tfl.layers.averagePooling2d({ name: `${request.name}-pool`, poolSize: linearPatch(shape, request) }),
    tfl.layers.flatten({ name: `${request.name}-flatten` }),
  ];
}

/** Turns a picture into numbers: the mean of each channel. */
export const channelMeans = ({ name, featureShape }: HeadRequest): Layer[] =>
  pictureShape(featureShape) ? [tfl.layers.globalAveragePooling2d({ name: `${name}-mean` })] : [];

/** Norm and ReLU, as after every convolution of the zoo. It is group norm, because that keeps nothing between steps. */
export const normAndRelu = (name: string, channels: number): Layer[] => [
  new GroupNormalization({ name: `${name}-norm`, epsilon: EPSILON, groups: groupsFor(channels) }),
  tfl.layers.activation({ name: `${name}-relu`, activation: 'relu' }),
];

/** He's initialiser, for a layer before a ReLU; each layer of a head draws its own values. */
export const beforeRelu = ({ seed }: HeadRequest, layer = 0) => heInitializer(seed + 1 + layer);
