import type * as tfl from '@tensorflow/tfjs-layers';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import type { ChannelSlices } from '../../../shared/protocol/channels.ts';
import { narrowSegment } from '../../../shared/protocol/narrow-outline.ts';
import type { SegmentTopology } from '../trainer-api.ts';
import { buildGraph } from './build-graph.ts';
import { layerActivations, layerMacs } from './layer-cost.ts';
import { inputLayerClass, type ModelGraph, ModelRefusal } from './model-graph.ts';
import { narrowGraph } from './narrow-graph.ts';
import { normaliseLayers } from './topology/normalise-graph.ts';
import { readTopology } from './topology/read-topology.ts';

/**
 * Builds a segment of a stranger's run. The outline alone decided whether this device can train it. So only what the
 * outline describes is built, and no weight is made that it does not know.
 * @param slices of its channels, if a part of them is to be trained
 * @throws ModelRefusal if the topology is another one, or has something that cannot be trained here
 */
export async function buildSegment(
  segment: SegmentTopology,
  slices?: ChannelSlices,
): Promise<tfl.LayersModel> {
  const narrow = narrowSegment(segment, slices);
  const shapes = new Map(narrow.tensors.map(({ name, shape }) => [name, shape.join(' × ')]));
  const whole = readSegment(segment.topology);
  const graph = slices ? narrowGraph(whole, segment, slices) : whole;
  const model = await buildGraph(graph, (name, shape) => {
    const told = shapes.get(name);
    if (told !== shape.join(' × '))
      throw new ModelRefusal(
        `weight ${name} of ${graph.name} has the shape [${shape.join(' × ')}], but the run's outline has ${told === undefined ? 'no such weight' : `[${told}]`}`,
      );
  });
  try {
    checkSegment(model, narrow);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Checks that a built model has the weights and costs of this outline.
 * @throws ModelRefusal if it has not
 */
export function checkSegment(
  model: tfl.LayersModel,
  { tensors, macs, activations }: Omit<SegmentTopology, 'topology' | 'topologyHash'>,
): void {
  const shapes = new Map(model.weights.map(({ originalName, shape }) => [originalName, shape.join()]));
  const missing = tensors.find(({ name, shape }) => shapes.get(name) !== shape.join());
  if (missing)
    throw new ModelRefusal(`${model.name} has no weight ${missing.name} of [${missing.shape.join(' × ')}]`);
  const wrong = (what: string, found: number, told: number): ModelRefusal =>
    new ModelRefusal(`${model.name} has ${found} ${what}, but the run's outline has ${told}`);
  if (shapes.size !== tensors.length) throw wrong('weights', shapes.size, tensors.length);
  const layers = model.layers.filter(layer => layer.getClassName() !== inputLayerClass);
  const sum = (cost: (layer: tfl.layers.Layer) => number): number =>
    layers.reduce((total, layer) => total + cost(layer), 0);
  if (sum(layerMacs) !== macs) throw wrong('multiply-accumulates an example', sum(layerMacs), macs);
  if (sum(layerActivations) !== activations)
    throw wrong('activations an example', sum(layerActivations), activations);
}

/** Reads it like a host's network: the same layers are refused, for the same reasons. */
function readSegment(topology: Uint8Array): ModelGraph {
  const { graph, keras } = readTopology(parseJsonBytes(topology));
  return normaliseLayers(graph, keras).graph;
}
