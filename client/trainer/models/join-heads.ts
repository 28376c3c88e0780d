import { type GraphLayer, inputLayerClass, type ModelGraph, outputLayer } from './model-graph.ts';

/** A head, and the layer whose output it takes. */
export interface PlacedHead {
  readonly after: string;
  readonly graph: ModelGraph;
}

/** Name of the layer that adds the logits up. Exported files have it, as plans have `answer=sum`. */
const SUM_NAME = 'answer';

/**
 * The network with its heads, and the logits of all of them added to its own: the export of a network whose heads
 * stay.
 */
export function joinHeads(graph: ModelGraph, heads: readonly PlacedHead[]): ModelGraph {
  const layers = [...graph.layers, ...heads.flatMap(placedLayers)];
  const sum: GraphLayer = {
    name: nameBeside(layers, SUM_NAME),
    className: 'Add',
    config: {},
    inputs: [graph, ...heads.map(head => head.graph)].map(branch => outputLayer(branch).name),
  };
  return { ...graph, layers: [...layers, sum] };
}

/**
 * The wanted name, or a longer one if a layer's name begins with it: a host's network may be an export that already
 * has heads.
 */
export function nameBeside(layers: readonly GraphLayer[], wanted: string): string {
  const isTaken = layers.some(({ name }) => name.startsWith(wanted));
  return isTaken ? nameBeside(layers, `${wanted}-new`) : wanted;
}

/** The head's layers; the network's layer stands in for their input. */
function placedLayers({ after, graph }: PlacedHead): GraphLayer[] {
  const isInput = ({ className }: GraphLayer): boolean => className === inputLayerClass;
  const inputs = new Set(graph.layers.filter(isInput).map(({ name }) => name));
  return graph.layers
    .filter(layer => !isInput(layer))
    .map(layer => ({ ...layer, inputs: layer.inputs.map(from => (inputs.has(from) ? after : from)) }));
}
