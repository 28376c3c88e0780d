import { type GraphLayer, type ModelGraph, outputLayer } from '../model-graph.ts';
import { normaliseLayer } from './normalise-layer.ts';
import { type PreparedInput, prepareInput } from './prepare-input.ts';
import { checkAxes, isIdleFlatten, noteRank, onLastAxis, type Ranks } from './ranks.ts';
import type { KerasVersion } from './settings.ts';

/** A graph in the form in which it will be trained, and what was changed about it, in words for its owner. */
export interface NormalisedGraph {
  readonly graph: ModelGraph;
  readonly notes: readonly string[];
}

/**
 * Turns a host's model into what the trainer trains: layers as tf.layers reads them, logits at the end, and one
 * picture of the data's size at the start.
 * @param inputShape height, width and channels of the data's pictures
 * @throws ModelRefusal
 */
export function normaliseGraph(
  given: ModelGraph,
  inputShape: readonly number[],
  keras: KerasVersion,
): PreparedInput {
  const prepared = prepareInput(given, inputShape, keras);
  const normalised = normaliseLayers(prepared.graph, keras);
  const end = withoutSoftmax(normalised.graph);
  return {
    graph: end.graph,
    notes: [...prepared.notes, ...normalised.notes, ...end.notes],
    augment: prepared.augment,
  };
}

/**
 * Each layer as `normaliseLayer` writes it. What a layer puts out is taken from the last of those that stand for it.
 * @throws ModelRefusal as `normaliseLayer` does, and for an axis that cannot be
 */
export function normaliseLayers(given: ModelGraph, keras: KerasVersion = 2): NormalisedGraph {
  const layers: GraphLayer[] = [];
  const notes: string[] = [];
  const outputOf = new Map<string, string>();
  const ranks: Ranks = new Map();
  for (const layer of given.layers) {
    const inputs = layer.inputs.map(from => outputOf.get(from) ?? from);
    const normalised = normaliseLayer({ ...layer, inputs }, keras);
    const kept = normalised.layers
      .filter(part => !isIdleFlatten(ranks, part))
      .flatMap(part => placed(ranks, part));
    layers.push(...kept);
    notes.push(...normalised.notes);
    outputOf.set(layer.name, kept.at(-1)?.name ?? inputs[0] ?? layer.name);
  }
  return { graph: { ...given, layers }, notes };
}

/** The layer by axes that tf.layers takes, with the ranks of what it puts out noted. */
function placed(ranks: Ranks, layer: GraphLayer): GraphLayer[] {
  checkAxes(ranks, layer);
  const layers = onLastAxis(ranks, layer);
  for (const part of layers) noteRank(ranks, part);
  return layers;
}

/**
 * What makes probabilities of logits. The losses take logits, so it would be taken twice. The largest stays the
 * largest without it.
 */
const probabilities: ReadonlySet<unknown> = new Set(['softmax', 'log_softmax', 'sigmoid']);

function withoutSoftmax(graph: ModelGraph): NormalisedGraph {
  const last = outputLayer(graph);
  const { activation } = last.config;
  if (last.className !== 'Softmax' && !probabilities.has(activation)) return { graph, notes: [] };
  const before = graph.layers.slice(0, -1);
  const linear = { ...last, config: { ...last.config, activation: 'linear' } };
  const isLayerOfItsOwn = last.className === 'Softmax' || last.className === 'Activation';
  const what = last.className === 'Softmax' ? 'softmax' : activation;
  return {
    graph: { ...graph, layers: isLayerOfItsOwn ? before : [...before, linear] },
    notes: [
      `the ${what} of layer ${last.name} left out: the network is trained and exported with logits as its output`,
    ],
  };
}
