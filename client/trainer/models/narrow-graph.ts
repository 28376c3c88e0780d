import type { ChannelSlices, SegmentChannels } from '../../../shared/protocol/channels.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import type { OutlineTensor } from '../../../shared/protocol/model-outline.ts';
import { axisSize, narrowSegment } from '../../../shared/protocol/narrow-outline.ts';
import type { SegmentTopology } from '../trainer-api.ts';
import { type GraphLayer, inputLayerClass, type ModelGraph } from './model-graph.ts';
import { own } from './topology/json-fields.ts';
import type { Config } from './topology/settings.ts';
import { outputShapeOf, type Shape } from './topology/shapes.ts';

/** A segment before and after it is narrowed. */
interface Narrowing {
  readonly whole: ReadonlyMap<string, OutlineTensor>;
  readonly narrow: ReadonlyMap<string, OutlineTensor>;
  readonly channels: SegmentChannels;
  readonly slices: ChannelSlices;
}

/**
 * A segment's layers with these slices of its channels: the same layers, narrower. Sizes come from the outline, and what
 * is built is compared with it.
 */
export function narrowGraph(graph: ModelGraph, segment: SegmentTopology, slices: ChannelSlices): ModelGraph {
  const { channels, tensors } = segment;
  if (!channels) return graph;
  const narrow = narrowSegment(segment, slices).tensors;
  const narrowing = { whole: byName(tensors), narrow: byName(narrow), channels, slices };
  const shapes = new Map<string, Shape>();
  const layers = graph.layers.map(layer => {
    const inputs = layer.inputs.map(name => shapes.get(name) ?? []);
    const config = { ...layer.config, ...settingsOf(layer, inputs[0] ?? [], narrowing) };
    shapes.set(layer.name, outputShapeOf({ ...layer, config }, inputs));
    return { ...layer, config };
  });
  return { ...graph, layers };
}

const byName = (tensors: readonly OutlineTensor[]): Map<string, OutlineTensor> =>
  new Map(tensors.map(tensor => [tensor.name, tensor]));

/** The settings of a narrower layer that are others. */
type Narrow = (layer: GraphLayer, input: Shape, narrowing: Narrowing) => Config;

const settingsOf: Narrow = (layer, input, narrowing) =>
  own(rules, layer.className)?.(layer, input, narrowing) ?? {};

/** Channels that a layer puts out, by the last size of its kernel. */
const madeBy =
  (setting: string, kernel: string): Narrow =>
  ({ name }, _, { narrow }) => {
    const made = narrow.get(`${name}/${kernel}`)?.shape.at(-1);
    return made === undefined ? {} : { [setting]: made };
  };

/** The input of a segment behind a cut. Pixels are never sliced. */
const narrowInput: Narrow = ({ config }, _, { channels, slices }) =>
  channels.input
    ? {
        batch_input_shape: [
          ...[config.batch_input_shape].flat().slice(0, -1),
          axisSize(channels.input, slices),
        ],
      }
    : {};

/** As many channels a group as before. */
const narrowGroups: Narrow = (layer, input, narrowing) => {
  const kernel = narrowing.narrow.get(`${layer.name}/kernel`)?.shape ?? [];
  return {
    ...madeBy('filters', 'kernel')(layer, input, narrowing),
    groups: (input.at(-1) ?? 0) / (kernel.at(2) ?? 1),
  };
};

/**
 * As many channels a group as before, if the norm is of one space. Of several as many groups as before, or fewer if so
 * many do not divide the channels.
 */
const narrowNorm: Narrow = ({ name, config: { groups = 32 } }, input, { whole }) => {
  if (groups === -1) return {};
  const tensor = whole.get(`${name}/gamma`) ?? whole.get(`${name}/beta`);
  const [before = 1, after = 1] = [tensor?.shape[0], input.at(-1)];
  const isOne = tensor?.axes?.[0]?.spaces.length === 1;
  const most = Number(groups);
  return { groups: isOne ? (most * after) / before : largestDivisor(after, most) };
};

const largestDivisor = (channels: number, most: number): number =>
  channels % most === 0 ? most : largestDivisor(channels, most - 1);

const narrowReshape: Narrow = ({ config }, input) => {
  const target = [config.target_shape].flat();
  if (elementsOf(target.map(Number)) === elementsOf(input)) return {};
  const last = target.length === 1 ? elementsOf(input) : input.at(-1);
  return { target_shape: [...target.slice(0, -1), last] };
};

const rules: Readonly<Record<string, Narrow>> = {
  [inputLayerClass]: narrowInput,
  Conv2D: madeBy('filters', 'kernel'),
  SeparableConv2D: madeBy('filters', 'pointwise_kernel'),
  GroupedConv2D: narrowGroups,
  Dense: madeBy('units', 'kernel'),
  GroupNormalization: narrowNorm,
  Reshape: narrowReshape,
};
