import type { JointAnswer } from '../../../shared/protocol/lease.ts';
import { type GraphLayer, inputLayerClass, type ModelGraph, outputLayer } from './model-graph.ts';

/** A head, and the layer whose output it takes. */
export interface PlacedHead {
  readonly after: string;
  readonly graph: ModelGraph;
}

/** Name of the layer that joins the exits. Exported files have it, as plans have `answer`. */
const ANSWER_NAME = 'answer';

/**
 * The network with its heads, and all of them answering together: the export of a network whose heads stay. A sum puts
 * out logits. An ensemble puts out probabilities: the mean of what the exits say.
 */
export function joinHeads(graph: ModelGraph, heads: readonly PlacedHead[], joined: JointAnswer): ModelGraph {
  const layers = [...graph.layers, ...heads.flatMap(placedLayers)];
  const exits = [graph, ...heads.map(head => head.graph)].map(branch => outputLayer(branch).name);
  const softmaxes = joined === 'ensemble' ? exits.map(exit => softmaxOf(layers, exit)) : [];
  const answer: GraphLayer = {
    name: nameBeside(layers, ANSWER_NAME),
    className: joined === 'ensemble' ? 'Average' : 'Add',
    config: {},
    inputs: joined === 'ensemble' ? softmaxes.map(({ name }) => name) : exits,
  };
  return { ...graph, layers: [...layers, ...softmaxes, answer] };
}

const softmaxOf = (layers: readonly GraphLayer[], exit: string): GraphLayer => ({
  name: nameBeside(layers, `${exit}-softmax`),
  className: 'Activation',
  config: { activation: 'softmax' },
  inputs: [exit],
});

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
