import * as tfl from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import { elementsOf } from '../../../../shared/protocol/elements-of.ts';
import { GroupedConv2D } from '../../layers/grouped-conv2d.ts';
import { outputSizes } from '../layer-cost.ts';
import type { GraphLayer, ModelGraph } from '../model-graph.ts';
import {
  beforeRelu,
  chainOf,
  channelMeans,
  type HeadRequest,
  logits,
  normAndRelu,
  type PictureShape,
  pictureShape,
} from './head-layers.ts';

/**
 * How many convolutions the head on the network's first layer has, and the head on the last but one. The authors
 * train with 1, 3 and 5 (run.sh of their code). We take 3, because our networks are a quarter as deep as theirs.
 */
const DEPTHS = { most: 3, least: 1 } as const;

/**
 * A head's largest share of the network's work: 5 of ResNet-110's 55 blocks are a tenth of it. In a network of few
 * layers one copy may be a third of the work. Then there are fewer copies, of layers further on; a single one is made
 * at any cost.
 */
const MAX_SHARE = 0.1;

/** Where the head hangs: the network, and the layer whose output it takes. */
export interface Hanging {
  readonly model: tfl.LayersModel;
  readonly graph: ModelGraph;
  readonly after: string;
}

/** What is copied of a convolution. */
interface Shape {
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly groups: number;
  /** Height and width of its output. */
  readonly size: readonly [number, number];
}

/**
 * AugLocal (Ma et al.: arXiv 2402.17318): convolutions with the shapes of some that follow in the network, spread
 * evenly over them up to the last. Each has norm and ReLU; then come the mean of each channel and a dense layer. If
 * sizes fall between two that are copied, the copy takes the step.
 */
export function augLocalHead(request: HeadRequest, hanging: Hanging): tfl.LayersModel {
  const shape = pictureShape(request.featureShape);
  const copied = shape ? copies(request, shape, lightShapes(request, shape, hanging)) : [];
  return chainOf(request, [...copied, ...channelMeans(request), logits(request)]);
}

/** As deep as the rule says, or as deep as the allowed work permits. */
function lightShapes(
  { networkMacs }: HeadRequest,
  [, , channels]: PictureShape,
  hanging: Hanging,
): readonly Shape[] {
  const convolutions = convolutionsOf(hanging);
  for (let depth = depthAt(convolutions); depth > DEPTHS.least; depth--) {
    const shapes = shapesToCopy(convolutions, depth);
    if (macsOf(shapes, channels) <= MAX_SHARE * networkMacs) return shapes;
  }
  return shapesToCopy(convolutions, DEPTHS.least);
}

const macsOf = (shapes: readonly Shape[], channels: number): number =>
  shapes.reduce((sum, shape, i) => {
    const given = shapes[i - 1]?.filters ?? channels;
    const { filters, kernelSize, size } = shape;
    return sum + elementsOf([...size, ...kernelSize, given, filters]) / groupsThatDivide(shape, given);
  }, 0);

interface Convolutions {
  readonly shapes: readonly Shape[];
  /** Place among them of the last one before the head; −1 if there is none. */
  readonly last: number;
}

/** The network's convolutions, in order. */
export function convolutionsOf({ model, graph, after }: Hanging): Convolutions {
  const place = graph.layers.findIndex(({ name }) => name === after);
  const found = graph.layers.flatMap((layer, i) => {
    const shape = shapeOf(model, graph, layer);
    return shape ? [{ shape, isBefore: i <= place }] : [];
  });
  return {
    shapes: found.map(({ shape }) => shape),
    last: found.filter(({ isBefore }) => isBefore).length - 1,
  };
}

/**
 * So many of the convolutions that follow. Behind the l-th of n they are those at l + (n − 1 − l) / depth · i,
 * rounded; all of them if there are fewer.
 */
export function shapesToCopy({ shapes, last }: Convolutions, depth: number): Shape[] {
  const behind = shapes.length - 1 - last;
  const count = Math.min(behind, depth);
  return Array.from({ length: count }, (_, i) => Math.round(last + (behind / count) * (i + 1))).flatMap(
    at => shapes[at] ?? [],
  );
}

/** The depth falls linearly from the first layer to the last one that has another behind it. */
export const depthAt = ({ shapes, last }: Convolutions): number =>
  Math.round(
    DEPTHS.most - ((DEPTHS.most - DEPTHS.least) * Math.max(0, last)) / Math.max(1, shapes.length - 2),
  );

const configSchema = z.looseObject({
  filters: z.number(),
  kernelSize: z.tuple([z.number(), z.number()]),
  groups: z.number().default(1),
});

/** Null for a layer that is no convolution, and for a depthwise one, whose shape is that of the next one. */
function shapeOf(model: tfl.LayersModel, graph: ModelGraph, { name, className }: GraphLayer): Shape | null {
  if (className !== 'Conv2D' && className !== 'GroupedConv2D') return null;
  const layer = model.getLayer(name);
  const config = configSchema.safeParse(layer.getConfig()).data;
  const size = pictureShape(outputSizes(layer));
  if (!config || !size) return null;
  const { kernelSize, groups } = config;
  return { filters: channelsBehind(model, graph, layer), kernelSize, groups, size: [size[0], size[1]] };
}

/**
 * A layer of a dense block adds to what is there. The layer behind it sees all of that, and a copy with only its few
 * channels would starve.
 */
function channelsBehind(model: tfl.LayersModel, graph: ModelGraph, layer: tfl.layers.Layer): number {
  const joined = graph.layers.find(
    ({ className, inputs }) => className === 'Concatenate' && inputs.includes(layer.name),
  );
  return outputSizes(joined ? model.getLayer(joined.name) : layer).at(-1) ?? 1;
}

function copies(request: HeadRequest, features: PictureShape, shapes: readonly Shape[]): tfl.layers.Layer[] {
  let [height, width, channels] = features;
  return shapes.flatMap((shape, i) => {
    const name = `${request.name}-conv${i + 1}`;
    const strides: [number, number] = [step(height, shape.size[0]), step(width, shape.size[1])];
    const layers = copyOf(request, name, { ...shape, groups: groupsThatDivide(shape, channels) }, strides, i);
    [height, width] = [Math.ceil(height / strides[0]), Math.ceil(width / strides[1])];
    channels = shape.filters;
    return layers;
  });
}

const step = (from: number, to: number): number => Math.max(1, Math.round(from / to));

/** The features may have fewer channels than the input of the copied layer. */
const groupsThatDivide = ({ groups, filters }: Shape, channels: number): number =>
  channels % groups === 0 && filters % groups === 0 ? groups : 1;

/** Strides wider than the kernel would skip features, so the features are averaged first. */
function copyOf(
  request: HeadRequest,
  name: string,
  { filters, kernelSize, groups }: Shape,
  strides: [number, number],
  index: number,
): tfl.layers.Layer[] {
  const isWide = strides.some((stride, i) => stride > (kernelSize[i] ?? 1));
  const args = {
    name,
    filters,
    kernelSize: [...kernelSize],
    strides: isWide ? [1, 1] : strides,
    padding: 'same' as const,
    useBias: false,
    kernelInitializer: beforeRelu(request, index),
  };
  const pool = tfl.layers.averagePooling2d({ name: `${name}-pool`, poolSize: strides, padding: 'same' });
  return [
    ...(isWide ? [pool] : []),
    groups > 1 ? new GroupedConv2D({ ...args, groups }) : tfl.layers.conv2d(args as Conv2DArgs),
    ...normAndRelu(name, filters),
  ];
}

type Conv2DArgs = Parameters<typeof tfl.layers.conv2d>[0];
