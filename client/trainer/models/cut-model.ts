import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedTensor } from '../../../shared/codec/safetensors.ts';
import type { SegmentChannels } from '../../../shared/protocol/channels.ts';
import {
  MAX_SEGMENT_LAYERS,
  MAX_SEGMENT_TENSORS,
  type OutlineTensor,
} from '../../../shared/protocol/model-outline.ts';
import type { Statistic } from '../../../shared/protocol/statistic.ts';
import { BatchNormalization } from '../layers/batch-normalization.ts';
import { type NetworkChannels, usesOf } from './channel-spaces.ts';
import { checkCuts } from './check-cuts.ts';
import { layerActivations, layerMacs, outputSizes } from './layer-cost.ts';
import {
  type GraphLayer,
  inputLayer,
  inputLayerClass,
  type ModelGraph,
  ModelRefusal,
  withoutInitializers,
  writeTopology,
} from './model-graph.ts';

/** A tensor with its weights. */
interface CutTensor extends NamedTensor {
  /** What it observes, if it is not learnt. */
  readonly statistic?: Statistic;
  /** That its layer is not trainable, so that nothing moves it. */
  readonly frozen?: true;
  readonly axes?: NonNullable<OutlineTensor['axes']>;
  readonly uses?: number;
}

/** A piece of a network between two crossings, able to stand alone. */
export interface CutSegment {
  /** tf.layers topology JSON of a functional model. */
  readonly topology: string;
  readonly layers: readonly string[];
  readonly tensors: readonly CutTensor[];
  /** Shape of one example's output. */
  readonly outputShape: readonly number[];
  readonly macs: number;
  readonly activations: number;
  /** Left out if no slices of the network can be trained. */
  readonly channels?: SegmentChannels;
}

/**
 * Cuts a network after the named layers, at each of which one tensor crosses. A segment keeps its layers' names, so
 * its tensors are named as in the whole network.
 * @param model holds the graph's layers, built, with their weights
 * @returns the segments; each begins with an input of its own
 * @throws ModelRefusal if `checkCuts` does
 */
export function cutGraph(model: tfl.LayersModel, graph: ModelGraph, cuts: readonly string[]): ModelGraph[] {
  const borders = checkCuts(graph, cuts);
  const ends = [...borders.map(({ place }) => place + 1), graph.layers.length];
  return ends.map((end, i) => {
    const start = borders[i - 1];
    const layers = graph.layers.slice(start ? start.place + 1 : 0, end);
    const name = `${graph.name}-${i + 1}`;
    return { name, layers: start ? behindInput(model, name, layers, start.after) : layers };
  });
}

/**
 * The segments of `cutGraph` with their weights and costs.
 * @param channels of the network, if slices of them can be trained
 * @throws ModelRefusal if `cutGraph` does, or if a segment would have no weights
 */
export const cutModel = (
  model: tfl.LayersModel,
  graph: ModelGraph,
  cuts: readonly string[],
  channels: NetworkChannels | null = null,
): CutSegment[] =>
  cutGraph(model, graph, cuts).map((piece, i) => {
    const isTrained = ({ name, className }: GraphLayer): boolean =>
      className !== inputLayerClass && model.getLayer(name).trainableWeights.length > 0;
    if (!piece.layers.some(isTrained))
      throw new ModelRefusal(`segment ${i + 1} of ${graph.name} has no weights to train: cut it elsewhere`);
    const segment = describeSegment(model, piece, channels && { channels, after: cuts[i - 1] });
    const [layers, tensors] = [segment.layers.length, segment.tensors.length];
    if (layers > MAX_SEGMENT_LAYERS || tensors > MAX_SEGMENT_TENSORS)
      throw new ModelRefusal(
        `segment ${i + 1} of ${graph.name} has ${layers} layers and ${tensors} weights: at most ${MAX_SEGMENT_LAYERS} and ${MAX_SEGMENT_TENSORS} are possible. Cut it into more segments`,
      );
    return segment;
  });

/** The layers behind an input, which replaces the layer after which the network was cut. */
function behindInput(
  model: tfl.LayersModel,
  segment: string,
  layers: readonly GraphLayer[],
  cut: string,
): GraphLayer[] {
  const input = inputLayer(`${segment}-input`, outputSizes(model.getLayer(cut)));
  return [
    input,
    ...layers.map(layer => ({
      ...layer,
      inputs: layer.inputs.map(from => (from === cut ? input.name : from)),
    })),
  ];
}

/** Where a segment stands in a network whose channels are known, and the layer after which it begins. */
interface SegmentPlace {
  readonly channels: NetworkChannels;
  readonly after: string | undefined;
}

/** Describes a whole network, or a piece behind an input of its own, as a segment. The model holds its weights. */
export function describeSegment(
  model: tfl.LayersModel,
  graph: ModelGraph,
  place: SegmentPlace | null = null,
): CutSegment {
  const layers = graph.layers
    .filter(({ className }) => className !== inputLayerClass)
    .map(({ name }) => model.getLayer(name));
  const last = layers.at(-1);
  if (!last) throw new ModelRefusal(`segment ${graph.name} has no layers`);
  return {
    topology: writeTopology(withoutInitializers(graph)),
    layers: layers.map(layer => layer.getClassName()),
    tensors: layers.flatMap(layer => readTensors(layer, place?.channels)),
    outputShape: outputSizes(last),
    macs: sum(layers, layerMacs),
    activations: sum(layers, layerActivations),
    ...(place && {
      channels: place.channels.ofSegment(
        layers.map(({ name }) => name),
        place.after,
      ),
    }),
  };
}

/** A layer's tensors under their own names. tfjs renames tensors while two models live at once. */
const readTensors = (layer: tfl.layers.Layer, channels?: NetworkChannels): CutTensor[] =>
  layer.weights.map(weight => {
    const statistic = statisticOf(layer, weight.originalName);
    return {
      name: weight.originalName,
      shape: weight.shape.map(size => size ?? 1),
      values: Float32Array.from((weight.read() as tf.Tensor).dataSync()),
      ...(statistic === null ? {} : { statistic }),
      ...(layer.trainable ? {} : { frozen: true }),
      ...(channels && channelsOfTensor(layer, weight.originalName, channels)),
    };
  });

function channelsOfTensor(
  layer: tfl.layers.Layer,
  tensor: string,
  channels: NetworkChannels,
): Pick<CutTensor, 'axes' | 'uses'> {
  const axes = channels.axesOf(layer.name, tensor.slice(layer.name.length + 1));
  const uses = usesOf(layer, tensor);
  return { ...(axes && { axes }), ...(uses > 0 && { uses }) };
}

/** Only batch norm observes. The other layers normalise each example by itself, so they need no statistics. */
export function statisticOf(layer: tfl.layers.Layer, tensor: string): Statistic | null {
  if (layer.getClassName() !== BatchNormalization.className) return null;
  if (tensor.endsWith('/moving_mean')) return 'mean';
  return tensor.endsWith('/moving_variance') ? 'variance' : null;
}

const sum = (layers: readonly tfl.layers.Layer[], cost: (layer: tfl.layers.Layer) => number): number =>
  layers.reduce((total, layer) => total + cost(layer), 0);
