import type * as tfl from '@tensorflow/tfjs-layers';
import {
  type ChannelAxis,
  type ChannelSpace,
  channelsIn,
  MAX_AXIS_SPACES,
  MAX_CHANNELS,
  MAX_SPACES,
  type SegmentChannels,
} from '../../../shared/protocol/channels.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { channelRuleOf, type WeightAxes } from './channel-rules.ts';
import { layerActivations, outputSizes } from './layer-cost.ts';
import { type ModelGraph, outputLayer } from './model-graph.ts';
import { type Axis, SpaceUnion } from './space-union.ts';
import { outputShapeOf, type Shape } from './topology/shapes.ts';

/** The channel spaces of a network: what slices are taken of, and where its tensors have them. */
export interface NetworkChannels {
  readonly spaces: readonly ChannelSpace[];
  /** Of a layer's weight, by the last part of its name. */
  axesOf(layer: string, weight: string): (ChannelAxis | null)[] | undefined;
  /** Of these layers of the network, which follow the layer after which it was cut. */
  ofSegment(layers: readonly string[], after: string | undefined): SegmentChannels;
}

/** More entries in all lists than an outline is to have: a network of dense blocks has a list for each of its layers. */
const MAX_ENTRIES = 20_000;

/** What was found at a layer. */
interface Found {
  readonly output: Axis;
  readonly weights: WeightAxes;
}

/**
 * Finds which channels of a network belong together, by what each layer does with them (`channel-rules`). Channels that
 * reach a layer that is not known there are never sliced.
 * @param model holds the graph's layers, built
 * @returns null if the network has more spaces than an outline says
 */
export function findChannels(model: tfl.LayersModel, graph: ModelGraph): NetworkChannels | null {
  const union = new SpaceUnion();
  const found = new Map<string, Found>();
  const shapes = new Map<string, Shape>();
  for (const layer of graph.layers) {
    const inputs = layer.inputs.flatMap(name => found.get(name)?.output ?? []);
    const from = layer.inputs.map(name => shapes.get(name) ?? []);
    const output = outputShapeOf(layer, from);
    shapes.set(layer.name, output);
    found.set(layer.name, channelRuleOf(layer)({ layer, inputs, shapes: from, output, union }));
  }
  const classes = found.get(outputLayer(graph).name);
  if (classes) union.fix(classes.output);
  const network = describe(model, found, union);
  return isSmall(network, found) ? network : null;
}

function describe(
  model: tfl.LayersModel,
  found: ReadonlyMap<string, Found>,
  union: SpaceUnion,
): NetworkChannels {
  const { spaces, axis } = union.describe();
  return {
    spaces,
    axesOf: (layer, weight) => {
      const axes = found.get(layer)?.weights[weight]?.map(one => one && axis(one));
      return axes?.some(Boolean) ? axes : undefined;
    },
    ofSegment: (layers, after) => ({
      input: axis(found.get(after ?? '')?.output ?? null),
      activations: activationsOf(
        layers.map(name => ({ layer: model.getLayer(name), output: axis(found.get(name)?.output ?? null) })),
      ),
    }),
  };
}

/** By space, the activations that each of its channels makes in these layers. */
function activationsOf(
  layers: readonly { readonly layer: tfl.layers.Layer; readonly output: ChannelAxis | null }[],
): SegmentChannels['activations'] {
  const each = new Map<number, number>();
  for (const { layer, output } of layers) {
    if (!output) continue;
    const ofChannel = (layerActivations(layer) / (outputSizes(layer).at(-1) ?? 1)) * (output.repeats ?? 1);
    for (const space of output.spaces) each.set(space, (each.get(space) ?? 0) + ofChannel);
  }
  return [...each]
    .filter(([, count]) => count > 0)
    .map(([space, count]) => ({ space, each: count }))
    .toSorted((a, b) => a.space - b.space);
}

function isSmall({ spaces, axesOf }: NetworkChannels, found: ReadonlyMap<string, Found>): boolean {
  const lists = [...found].flatMap(([layer, { weights }]) =>
    Object.keys(weights).flatMap(
      weight => axesOf(layer, weight)?.map(axis => axis?.spaces.length ?? 0) ?? [],
    ),
  );
  return (
    spaces.length > 0 &&
    spaces.length <= MAX_SPACES &&
    channelsIn(spaces) <= MAX_CHANNELS &&
    lists.every(length => length <= MAX_AXIS_SPACES) &&
    lists.reduce((sum, length) => sum + length, 0) <= MAX_ENTRIES
  );
}

/** The multiply-accumulates of each weight of a kernel for one example: one at every output position (`layer-cost`). */
export const usesOf = (layer: tfl.layers.Layer, weight: string): number =>
  weight.endsWith('kernel') ? elementsOf(outputSizes(layer).slice(0, -1)) : 0;
