import { type GraphLayer, type ModelGraph, outputLayer } from '../model-graph.ts';
import type { NormalisedGraph } from './normalised-graph.ts';

/**
 * What makes probabilities of logits. The losses take logits, so it would be taken twice. The largest stays the
 * largest without it.
 */
const probabilities: ReadonlySet<unknown> = new Set(['softmax', 'log_softmax', 'sigmoid', 'hard_sigmoid']);

/** Layers that change no number without training. Keras's own MobileNet has a reshape behind its softmax. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Flatten', 'Permute', 'Dropout', 'GaussianNoise']);

/** Leaves out what makes probabilities at a network's end. */
export function endWithLogits(graph: ModelGraph): NormalisedGraph {
  const end = lastComputing(graph);
  const { activation } = end.config;
  if (end.className === 'Softmax') return without(graph, end, 'softmax');
  if (probabilities.has(activation)) return without(graph, end, String(activation));
  const isBent = activation !== undefined && activation !== 'linear';
  return { graph, notes: isBent || bent.has(end.className) ? [oddEnd(end)] : [] };
}

/** Activations that are layers of their own. */
const bent: ReadonlySet<string> = new Set(['ReLU', 'LeakyReLU', 'PReLU', 'ELU']);

const oddEnd = ({ name, className, config }: GraphLayer): string =>
  `the network ends with ${config.activation ?? className} (layer ${name}): its numbers are taken for logits`;

/** The output's layer, or the one whose numbers it only shows in another way. */
function lastComputing({ name, layers }: ModelGraph): GraphLayer {
  const byName = new Map(layers.map(layer => [layer.name, layer]));
  let end = outputLayer({ name, layers });
  for (let before = end; isView(before); ) {
    const next = byName.get(before.inputs[0] ?? '');
    if (!next) return end;
    before = next;
    end = next;
  }
  return end;
}

const isView = ({ className, config }: GraphLayer): boolean =>
  views.has(className) || (className === 'Activation' && config.activation === 'linear');

function without(graph: ModelGraph, end: GraphLayer, what: string): NormalisedGraph {
  const notes = [
    `the ${what} of layer ${end.name} left out: the network is trained and exported with logits as its output`,
  ];
  const [from = ''] = end.inputs;
  if (end.className !== 'Softmax' && end.className !== 'Activation') {
    const linear = { ...end, config: { ...end.config, activation: 'linear' } };
    return {
      graph: { ...graph, layers: graph.layers.map(layer => (layer === end ? linear : layer)) },
      notes,
    };
  }
  const layers = graph.layers
    .filter(layer => layer !== end)
    .map(layer => ({ ...layer, inputs: layer.inputs.map(input => (input === end.name ? from : input)) }));
  return { graph: { ...graph, layers }, notes };
}
