import * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../shared/math/elements-of.ts';

/** Sides of the grid of averages that the head looks at, the best first. */
const GRIDS = [4, 3, 2, 1] as const;

/** A heavier head hurts (learning.md, "The four architectures, beforehand"). */
const MAX_SHARE = 0.05;

/**
 * As PyTorch's Linear: variance 1 / (3 · fan-in). He's, six times that, is for layers before a ReLU: here it starts at
 * losses of 3 to 5 where chance is 2.3 (2 passes over 1,000 glyphs at rate 0.01 then end at 0.67 and not at 0.39, for the
 * CNN of five layers).
 */
const LOGITS = { scale: 1 / 3, mode: 'fanIn', distribution: 'uniform' } as const;

export interface HeadOptions {
  readonly name: string;
  readonly classes: number;
  readonly seed: number;
  /** Of the whole network: what the head's are a share of. */
  readonly networkMacs: number;
}

/**
 * The auxiliary head A on a student segment: features averaged over a grid of about 4 × 4 patches, then a dense layer.
 * Linear, because a heavy head hurts; and without the global average of a convolutional one, because that one took eight
 * passes to a loss this one reaches in one. Where 4 × 4 would be too heavy the grid is coarser. Features that are no
 * picture go to the dense layer as they are. Left out at export.
 */
export function buildHead(featureShape: readonly number[], options: HeadOptions): tfl.Sequential {
  const { name, classes, seed } = options;
  const [height, width] = featureShape;
  const isPicture = featureShape.length === 3 && height !== undefined && width !== undefined;
  const patches = isPicture
    ? [patchLayer([height, width], featureShape, options), tfl.layers.flatten({ name: `${name}-flatten` })]
    : [];
  const logits = tfl.layers.dense({
    name: `${name}-logits`,
    units: classes,
    kernelInitializer: tfl.initializers.varianceScaling({ ...LOGITS, seed }),
    ...(isPicture ? {} : { inputShape: [...featureShape] }),
  });
  return tfl.sequential({ name, layers: [...patches, logits] });
}

function patchLayer(
  [height, width]: readonly [number, number],
  featureShape: readonly number[],
  { name, classes, networkMacs }: HeadOptions,
): tfl.layers.Layer {
  const channels = featureShape.at(-1) ?? 1;
  const sizes = GRIDS.map(grid => [patchSize(height, grid), patchSize(width, grid)] as const);
  const isLight = ([down, across]: readonly [number, number]): boolean =>
    elementsOf([Math.floor(height / down), Math.floor(width / across), channels, classes]) <=
    MAX_SHARE * networkMacs;
  const [down, across] = sizes.find(isLight) ?? [height, width];
  return tfl.layers.averagePooling2d({
    name: `${name}-pool`,
    inputShape: [...featureShape],
    poolSize: [down, across],
  });
}

/** The smallest patch that leaves at most so many in a row. */
const patchSize = (size: number, grid: number): number =>
  range(size).find(patch => Math.floor(size / patch) <= grid) ?? size;

const range = (size: number): number[] => Array.from({ length: size }, (_, i) => i + 1);
