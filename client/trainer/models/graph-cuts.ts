import { type GraphLayer, inputLayerClass, type ModelGraph, outputLayer } from './model-graph.ts';

/** A layer whose output alone crosses from what comes before it to what comes after. */
export interface Crossing {
  readonly after: string;
  /** The layers it needs, itself among them. */
  readonly before: ReadonlySet<string>;
}

/**
 * All places at which one tensor crosses, in order from input to output. Neither the input nor the output is one: a
 * segment has layers.
 */
export function crossings(graph: ModelGraph): Crossing[] {
  const { layers } = graph;
  const output = outputLayer(graph);
  return layers
    .filter(layer => layer !== output && layer.className !== inputLayerClass)
    .map(layer => ({ after: layer.name, before: neededBy(layers, layer.name) }))
    .filter(({ after, before }) => isOnlyCrossing(layers, before, after));
}

/** What comes from before goes past the border only by way of the layer there. */
const isOnlyCrossing = (layers: readonly GraphLayer[], before: ReadonlySet<string>, after: string): boolean =>
  layers
    .filter(({ name }) => !before.has(name))
    .every(({ inputs }) => inputs.every(input => input === after || !before.has(input)));

/** A layer and all that its output is computed from; the layers come in an order in which they can be computed. */
function neededBy(layers: readonly GraphLayer[], name: string): Set<string> {
  const needed = new Set([name]);
  for (const layer of layers.toReversed())
    if (needed.has(layer.name)) for (const input of layer.inputs) needed.add(input);
  return needed;
}
