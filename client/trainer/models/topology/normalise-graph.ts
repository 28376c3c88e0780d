import { elementsOf } from '../../../../shared/protocol/elements-of.ts';
import { type GraphLayer, inputLayerClass, type ModelGraph, ModelRefusal } from '../model-graph.ts';
import { byAxes } from './axes.ts';
import { shortJson } from './json-fields.ts';
import { LayerNames } from './layer-names.ts';
import { endWithLogits } from './logits-end.ts';
import { normaliseLayer } from './normalise-layer.ts';
import type { NormalisedGraph } from './normalised-graph.ts';
import { type PreparedInput, prepareInput } from './prepare-input.ts';
import { MAX_LAYERS } from './raw-model.ts';
import { rescalePictures } from './rescale-pictures.ts';
import type { KerasVersion } from './settings.ts';
import { outputShapeOf, type Shape } from './shapes.ts';

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
  const rescaled = rescalePictures(normalised.graph);
  const end = endWithLogits(rescaled.graph);
  return {
    graph: end.graph,
    notes: [...prepared.notes, ...normalised.notes, ...rescaled.notes, ...end.notes],
    augment: prepared.augment,
  };
}

/** What is known about the layers so far. */
interface Known {
  readonly names: LayerNames;
  /** Of each layer's output, by its name. */
  readonly shapes: Map<string, Shape>;
  /** The layer that puts out what a layer of the given network puts out, by the given name. */
  readonly outputs: Map<string, string>;
}

/**
 * Each layer as `normaliseLayer` writes it. What a layer puts out is taken from the last of those that stand for it.
 * @throws ModelRefusal as `normaliseLayer` does, and for an axis that cannot be
 */
export function normaliseLayers(given: ModelGraph, keras: KerasVersion): NormalisedGraph {
  const names = new LayerNames(given.layers.map(({ name }) => name));
  const known: Known = { names, shapes: new Map(), outputs: new Map() };
  const notes: string[] = [];
  const layers = given.layers.flatMap(layer => {
    const inputs = layer.inputs.map(from => known.outputs.get(from) ?? from);
    const normalised = normaliseLayer({ ...layer, inputs }, keras, names);
    const placed = normalised.layers.flatMap(part => place(part, known));
    notes.push(...normalised.notes);
    known.outputs.set(layer.name, placed.at(-1)?.name ?? inputs[0] ?? layer.name);
    return placed;
  });
  if (layers.length > MAX_LAYERS)
    throw new ModelRefusal(
      `${given.name} has ${layers.length} layers in the words of tf.layers: at most ${MAX_LAYERS} are trained here`,
    );
  return { graph: { ...given, layers }, notes };
}

/** The layer as tf.layers takes it behind its inputs, whose shapes are known. None if it passes its input on. */
function place(layer: GraphLayer, { names, shapes }: Known): GraphLayer[] {
  checkInputs(layer);
  const [input = []] = layer.inputs.map(from => shapes.get(from) ?? []);
  // Keras passes on what is flat, and tf.layers refuses it.
  if (layer.className === 'Flatten' && input.length === 1) return [];
  const { copies, single } = withoutRepeats(layer, names);
  const parts = [...copies, ...byAxes(withSizes(single, input), input, names)];
  for (const part of parts) {
    const shapesIn = part.inputs.map(from => shapes.get(from) ?? []);
    shapes.set(part.name, outputShapeOf(part, shapesIn));
  }
  return parts;
}

/** Layers of several inputs. */
const merges: ReadonlySet<string> = new Set([
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'],
]);

/** @throws ModelRefusal if too few or too many tensors go into a layer */
function checkInputs({ name, className, inputs }: GraphLayer): void {
  if (className === inputLayerClass) return;
  const isRight = merges.has(className) ? inputs.length > 1 : inputs.length === 1;
  if (isRight) return;
  const wanted = merges.has(className) ? 'at least 2' : '1';
  throw new ModelRefusal(
    `layer ${name} (${className}) takes ${inputs.length} inputs: it must take ${wanted}`,
  );
}

/**
 * An input that goes in twice goes through a copy the second time. When tf.layers predicts, it frees a layer's output
 * after as many layers have read it, and counts such a layer twice.
 */
function withoutRepeats(
  layer: GraphLayer,
  names: LayerNames,
): { copies: readonly GraphLayer[]; single: GraphLayer } {
  const copies: GraphLayer[] = [];
  const inputs = layer.inputs.map((from, i) => {
    if (layer.inputs.indexOf(from) === i) return from;
    const name = names.free(`${layer.name}-copy`);
    copies.push({ name, className: 'Rescaling', config: { scale: 1, offset: 0 }, inputs: [from] });
    return name;
  });
  return { copies, single: { ...layer, inputs } };
}

/** tf.layers leaves the size that is −1 open, so that no layer behind it can be built. */
function withSizes(layer: GraphLayer, input: Shape): GraphLayer {
  if (layer.className !== 'Reshape') return layer;
  const target_shape = outputShapeOf(layer, [input]);
  if (target_shape.every(Number.isInteger) && elementsOf(target_shape) === elementsOf(input))
    return { ...layer, config: { ...layer.config, target_shape } };
  throw new ModelRefusal(
    `layer ${layer.name} (Reshape) cannot make ${shortJson(layer.config.target_shape)} of ${input.join(' × ')}: the numbers do not add up`,
  );
}
