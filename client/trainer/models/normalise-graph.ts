import * as z from 'zod';
import { inputLayerClass, type ModelGraph, ModelRefusal, outputLayer } from './model-graph.ts';
import { normaliseLayer } from './normalise-layer.ts';

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
export function normaliseGraph(given: ModelGraph, inputShape: readonly number[]): NormalisedGraph {
  const normalised = given.layers.map(normaliseLayer);
  const end = withoutSoftmax({ ...given, layers: normalised.map(({ layer }) => layer) });
  return {
    graph: withInput(end.graph, inputShape),
    notes: [...normalised.flatMap(({ notes }) => notes), ...end.notes],
  };
}

/** The losses take logits, so a softmax would be taken twice. */
function withoutSoftmax(graph: ModelGraph): NormalisedGraph {
  const last = outputLayer(graph);
  const isSoftmax = last.config.activation === 'softmax';
  if (last.className !== 'Softmax' && !isSoftmax) return { graph, notes: [] };
  const before = graph.layers.slice(0, -1);
  const linear = { ...last, config: { ...last.config, activation: 'linear' } };
  const isLayerOfItsOwn = last.className === 'Softmax' || last.className === 'Activation';
  return {
    graph: { ...graph, layers: isLayerOfItsOwn ? before : [...before, linear] },
    notes: [
      `the softmax of layer ${last.name} left out: the network is trained and exported with logits as its output`,
    ],
  };
}

const shapeSchema = z.array(z.number().nullable());

function withInput(graph: ModelGraph, inputShape: readonly number[]): ModelGraph {
  const inputs = graph.layers.filter(({ className }) => className === inputLayerClass);
  if (inputs.length !== 1)
    throw new ModelRefusal(`${graph.name} takes ${inputs.length} inputs: it must take one picture`);
  const layers = graph.layers.map(layer => {
    if (layer.className !== inputLayerClass) return layer;
    const shape = shapeSchema.safeParse(layer.config.batch_input_shape).data?.slice(1);
    const fits = shape?.length === 3 && shape.every((size, i) => size === null || size === inputShape[i]);
    if (!fits)
      throw new ModelRefusal(
        `${graph.name} takes inputs of ${describe(shape)}, the data's pictures are ${describe(inputShape)}`,
      );
    return { ...layer, config: { ...layer.config, batch_input_shape: [null, ...inputShape] } };
  });
  return { ...graph, layers };
}

const describe = (shape: readonly (number | null)[] | undefined): string =>
  shape ? shape.map(size => size ?? 'any').join(' × ') : 'an unknown shape';
