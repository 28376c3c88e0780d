import { type GraphLayer, inputLayerClass, ModelRefusal } from '../model-graph.ts';
import type { RawLayer, RawModel } from './raw-model.ts';

/** The layers of a model and of the models in it, and what was changed about them, in words for their owner. */
export interface FlatModel {
  readonly layers: readonly GraphLayer[];
  readonly output: string;
  /** Each layer's name by its path through the models that it stands in. */
  readonly names: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** A layer by its path through the models that it stands in. Paths stand in for names, which may be double. */
interface FlatLayer extends GraphLayer {
  readonly path: string;
  readonly note?: string;
}

/** A model and where it stands. */
interface Place {
  readonly model: RawModel;
  /** The names of the models around it, each with a slash. */
  readonly path: string;
  readonly isInference: boolean;
  readonly isFrozen: boolean;
  /** The path of the layer whose output goes in; null for the whole network. */
  readonly input: () => string | null;
}

/** Models that only pass on what goes in could be linked in a circle. */
const MAX_STEPS = 256;

/**
 * Makes one network of a model in which models stand, as transfer learning makes them. A layer keeps its own name. If
 * several have it, each has the names of its models before it.
 * @throws ModelRefusal if a layer is missing, or has the name of another one beside it
 */
export function flattenModel(model: RawModel): FlatModel {
  const whole: Place = { model, path: '', isInference: false, isFrozen: false, input: () => null };
  const layers = layersOf(whole);
  const count = new Map<string, number>();
  for (const { name } of layers) count.set(name, (count.get(name) ?? 0) + 1);
  const names = new Map(layers.map(({ path, name }) => [path, count.get(name) === 1 ? name : path]));
  const nameOf = (path: string): string => names.get(path) ?? path;
  return {
    layers: layers.map(({ path, note: _, inputs, ...layer }) => ({
      ...layer,
      name: nameOf(path),
      inputs: inputs.map(nameOf),
    })),
    output: nameOf(outputPath(whole, model.output)),
    names,
    notes: layers.flatMap(({ note }) => note ?? []),
  };
}

function layersOf(place: Place): FlatLayer[] {
  const { model, path } = place;
  const seen = new Set<string>();
  return model.layers.flatMap((layer): FlatLayer[] => {
    if (seen.has(layer.name))
      throw new ModelRefusal(`${model.name} has two layers of the name ${layer.name}`);
    seen.add(layer.name);
    if (layer.model) return layersOf(placeOf(place, layer, layer.model));
    if (layer.className === inputLayerClass && place.input() !== null) return [];
    const flat = { ...asCalled(place, layer), path: `${path}${layer.name}` };
    return [{ ...flat, inputs: inputsOf(place, layer) }];
  });
}

const placeOf = (outer: Place, layer: RawLayer, model: RawModel): Place => ({
  model,
  path: `${outer.path}${layer.name}/`,
  isInference: outer.isInference || layer.isInference,
  isFrozen: outer.isFrozen || layer.config.trainable === false,
  input: () => inputsOf(outer, layer)[0] ?? null,
});

/** Paths of what goes into a layer. The first layer of a chain takes what goes into its model. */
function inputsOf(place: Place, layer: RawLayer): string[] {
  if (layer.inputs.length > 0) return layer.inputs.map(name => outputPath(place, name));
  const input = place.model.layers[0] === layer ? place.input() : null;
  return input === null ? [] : [input];
}

/** The path of the layer that puts out what a layer, or a model that is used as one, puts out. */
function outputPath(place: Place, name: string, steps = 0): string {
  const layer = place.model.layers.find(candidate => candidate.name === name);
  if (!layer) throw new ModelRefusal(`${place.model.name} has no layer ${name}, which another layer needs`);
  if (steps > MAX_STEPS)
    throw new ModelRefusal(`the layers of ${place.model.name} go in a circle at layer ${name}`);
  if (layer.model) return outputPath(placeOf(place, layer, layer.model), layer.model.output, steps + 1);
  const input = layer.className === inputLayerClass ? place.input() : null;
  return input ?? `${place.path}${name}`;
}

const dropouts: ReadonlySet<string> = new Set([
  ...['Dropout', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'],
]);

/** What a layer does if it, or a model around it, was called with `training=False`, or was frozen. */
function asCalled(
  { isInference, isFrozen }: Place,
  layer: RawLayer,
): Pick<FlatLayer, 'name' | 'className' | 'config'> & { note?: string } {
  const { name, className } = layer;
  const config = isFrozen ? { ...layer.config, trainable: false } : layer.config;
  if (!isInference && !layer.isInference) return { name, className, config };
  if (dropouts.has(className))
    return {
      name,
      className: 'Identity',
      config: {},
      note: `layer ${name} was called with training=False: it does nothing`,
    };
  const isNorm = className === 'BatchNormalization' && config.trainable !== false;
  return isNorm
    ? {
        ...{ name, className, config: { ...config, trainable: false } },
        note: `layer ${name} was called with training=False: its statistics stay as they are, and so does what it learnt`,
      }
    : { name, className, config };
}
