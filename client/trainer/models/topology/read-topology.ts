import type * as tfl from '@tensorflow/tfjs-layers';
import type { WrittenNames } from '../load-weights.ts';
import {
  type GraphLayer,
  inputLayer,
  inputLayerClass,
  type ModelGraph,
  ModelRefusal,
} from '../model-graph.ts';
import { type FlatModel, flattenModel } from './flatten-model.ts';
import { fieldOf } from './json-fields.ts';
import { kerasVersionOf } from './keras-version.ts';
import { LayerNames } from './layer-names.ts';
import { type RawModel, readRawModel } from './raw-model.ts';
import type { KerasVersion } from './settings.ts';
import { weightPathsOf } from './weight-paths.ts';

export interface ReadTopology {
  readonly graph: ModelGraph;
  readonly keras: KerasVersion;
  /** What was changed about it, in words for its owner. */
  readonly notes: readonly string[];
  /** How files name the weights of a layer, by the layer's name. */
  readonly writtenNames: ReadonlyMap<string, WrittenNames>;
}

/**
 * Reads the topology of a tf.layers model that tf.layers or Keras wrote: a chain (`Sequential`) or a graph
 * (`Functional`, `Model`). Models that stand in it become part of one graph.
 * @throws ModelRefusal if it is none of them, if a layer is used twice, if there is more than one input or output, if
 * the layers go in a circle, or if there are too many
 */
export function readTopology(json: unknown): ReadTopology {
  if (json === undefined) throw new ModelRefusal('this is no topology: it is not JSON, or nests too deep');
  // A whole Keras model has its topology in `model_config`.
  const raw = readRawModel(fieldOf(json, 'model_config') ?? json);
  const flat = withInput(raw, flattenModel(raw));
  checkLayers(raw.name, flat.layers);
  const graph = { name: raw.name, layers: inOrder(raw.name, flat.layers, flat.output) };
  return {
    graph,
    keras: kerasVersionOf(json, raw),
    notes: flat.notes,
    writtenNames: writtenNamesOf(raw, flat),
  };
}

function writtenNamesOf(raw: RawModel, { written }: FlatModel): Map<string, WrittenNames> {
  const numbered = weightPathsOf(raw);
  return new Map(
    [...written].map(([name, { key, path, isOnly }]) => [
      name,
      { path, isOnly, numbered: numbered.get(key) ?? null },
    ]),
  );
}

/** The graph of a model that tf.layers built. */
export const graphOf = (model: tfl.LayersModel): ModelGraph => readTopology(model.toJSON(null, false)).graph;

/** A chain may have no input layer. Then its first layer, or the first one of the model that stands there, has its shape. */
function withInput(raw: RawModel, flat: FlatModel): FlatModel {
  const [first] = flat.layers;
  if (!first || first.className === inputLayerClass || first.inputs.length > 0) return flat;
  const shape = inputShapeOf(raw);
  if (!shape) throw new ModelRefusal(`${raw.name} does not say the shape of its input`);
  const names = new LayerNames(flat.layers.map(({ name }) => name));
  const input = inputLayer(names.free(`${first.name}-input`), shape.slice(1));
  return { ...flat, layers: [input, { ...first, inputs: [input.name] }, ...flat.layers.slice(1)] };
}

function inputShapeOf({ inputShape, layers }: RawModel): readonly (number | null)[] | null {
  const [first] = layers;
  return inputShape ?? (first?.model ? inputShapeOf(first.model) : null);
}

/** What the output needs, each layer after its inputs. @throws if an input is missing or the layers go in a circle */
function inOrder(model: string, layers: readonly GraphLayer[], output: string): GraphLayer[] {
  const byName = new Map(layers.map(layer => [layer.name, layer]));
  const ordered = new Map<string, GraphLayer>();
  // The way from the output to the layer in hand; each layer is needed by the one before it. A recursion would
  // overflow the stack in a deep network.
  const way = [output];
  const onWay = new Set(way);
  for (let name = way.at(-1); name !== undefined; name = way.at(-1)) {
    const layer = byName.get(name);
    if (!layer) throw new ModelRefusal(`${model} has no layer ${name}, which another layer needs`);
    const next = layer.inputs.find(input => !ordered.has(input));
    if (next === undefined) {
      ordered.set(name, layer);
      onWay.delete(name);
      way.pop();
    } else {
      if (onWay.has(next)) throw new ModelRefusal(`the layers of ${model} go in a circle at layer ${next}`);
      onWay.add(next);
      way.push(next);
    }
  }
  return [...ordered.values()];
}

/** Refuses what would keep tf.layers going for ever or confuse it. It runs before anything walks through the layers. */
function checkLayers(model: string, layers: readonly GraphLayer[]): void {
  // tf.layers would wait for ever for the input of a layer that nothing goes into.
  for (const { name, className, inputs } of layers)
    if ((className === inputLayerClass) !== (inputs.length === 0))
      throw new ModelRefusal(
        inputs.length === 0
          ? `nothing goes into layer ${name} of ${model}`
          : `${name}, an input of ${model}, stands behind another layer`,
      );
}
