import type { WrittenNames } from '../load-weights.ts';
import { type GraphLayer, inputLayerClass, ModelRefusal } from '../model-graph.ts';
import { LayerNames } from './layer-names.ts';
import type { RawLayer, RawModel } from './raw-model.ts';

/** The layers of a model and of the models in it, and what was changed about them, in words for their owner. */
export interface FlatModel {
  readonly layers: readonly GraphLayer[];
  readonly output: string;
  /** How files may name each layer, by its name. */
  readonly written: ReadonlyMap<string, WrittenPath>;
  readonly notes: readonly string[];
}

interface WrittenPath extends Omit<WrittenNames, 'numbered'> {
  /** Its path in one piece. */
  readonly key: string;
}

/** A path in one piece. No file has this sign in a name. */
export const pathKey = (...path: readonly string[]): string => path.join('\u0000');

/** A layer whose inputs are keys of paths, because names may be double. */
interface FlatLayer extends GraphLayer {
  readonly path: readonly string[];
  readonly note?: string;
}

/** A model and where it stands. */
interface Place {
  readonly model: RawModel;
  readonly path: readonly string[];
  readonly layers: ReadonlyMap<string, RawLayer>;
  /** Models in it, by name. */
  readonly inner: Map<string, Place>;
  /** Keys of layers whose outputs are known, by the name of the layer or model in it that puts them out. */
  readonly outputs: Map<string, string>;
  readonly isInference: boolean;
  readonly isFrozen: boolean;
  /** The model around it, and the layer of that one whose output goes in; null for the whole network. */
  readonly outer: { readonly place: Place; readonly from: string | null } | null;
}

/** Models that only pass on what goes in could be linked in a circle. */
const MAX_STEPS = 256;

/**
 * Makes one network of a model in which models stand, as transfer learning makes them. A layer keeps its own name. If
 * several have it, each has the names of its models before it.
 * @throws ModelRefusal if a layer is missing, or has the name of another one beside it
 */
export function flattenModel(model: RawModel): FlatModel {
  const whole = placeOf(model, [], null, { isInference: false, isFrozen: false });
  const layers = layersOf(whole);
  const written = writtenPaths(layers);
  const names = new Map([...written].map(([name, { key }]) => [key, name]));
  const nameOf = (key: string): string => names.get(key) ?? key;
  return {
    layers: layers.map(({ path, note: _, inputs, ...layer }) => ({
      ...layer,
      name: nameOf(pathKey(...path)),
      inputs: inputs.map(nameOf),
    })),
    output: nameOf(outputOf(whole, model.output)),
    written,
    notes: layers.flatMap(({ note }) => note ?? []),
  };
}

/** A name for each layer, and where it stands. */
function writtenPaths(layers: readonly FlatLayer[]): Map<string, WrittenPath> {
  const count = new Map<string, number>();
  for (const { name } of layers) count.set(name, (count.get(name) ?? 0) + 1);
  const names = new LayerNames();
  return new Map(
    layers.map(({ path, name }) => {
      const isOnly = count.get(name) === 1;
      return [names.free(isOnly ? name : path.join('/')), { path, isOnly, key: pathKey(...path) }];
    }),
  );
}

function placeOf(
  model: RawModel,
  path: readonly string[],
  outer: Place['outer'],
  how: Pick<Place, 'isInference' | 'isFrozen'>,
): Place {
  const layers = new Map<string, RawLayer>();
  for (const layer of model.layers) {
    if (layers.has(layer.name))
      throw new ModelRefusal(`${model.name} has two layers of the name ${layer.name}`);
    layers.set(layer.name, layer);
  }
  return { model, path, layers, inner: new Map(), outputs: new Map(), outer, ...how };
}

/** The model that a layer is. */
function innerOf(place: Place, layer: RawLayer, model: RawModel): Place {
  const known = place.inner.get(layer.name);
  if (known) return known;
  if (layer.inputs.length > 1)
    throw new ModelRefusal(
      `${layer.name}, a model in ${place.model.name}, takes ${layer.inputs.length} inputs: it must take one`,
    );
  const inner = placeOf(
    model,
    [...place.path, layer.name],
    { place, from: layer.inputs[0] ?? null },
    {
      isInference: place.isInference || layer.isInference,
      isFrozen: place.isFrozen || layer.config.trainable === false,
    },
  );
  place.inner.set(layer.name, inner);
  return inner;
}

const layersOf = (place: Place): FlatLayer[] =>
  place.model.layers.flatMap((layer): FlatLayer[] => {
    if (layer.model) return layersOf(innerOf(place, layer, layer.model));
    if (layer.className === inputLayerClass && inputOf(place) !== null) return [];
    const path = [...place.path, layer.name];
    return [{ ...asCalled(place, layer), path, inputs: inputsOf(place, layer) }];
  });

/** Keys of what goes into a layer. The first layer of a chain takes what goes into its model. */
function inputsOf(place: Place, layer: RawLayer): string[] {
  if (layer.inputs.length > 0) return layer.inputs.map(name => outputOf(place, name));
  const input = place.model.layers[0] === layer ? inputOf(place) : null;
  return input === null ? [] : [input];
}

/** The key of the layer whose output goes into a model. */
function inputOf({ outer, model }: Place, steps = 0): string | null {
  if (!outer) return null;
  if (steps > MAX_STEPS)
    throw new ModelRefusal(`models go in a circle, or stand in one another too deep, at ${model.name}`);
  if (outer.from !== null) return outputOf(outer.place, outer.from, steps + 1);
  return inputOf(outer.place, steps + 1);
}

/** The key of the layer that puts out what a layer, or a model that is used as one, puts out. */
function outputOf(place: Place, name: string, steps = 0): string {
  const known = place.outputs.get(name);
  if (known !== undefined) return known;
  const layer = place.layers.get(name);
  if (!layer) throw new ModelRefusal(`${place.model.name} has no layer ${name}, which another layer needs`);
  const found = layer.model
    ? outputOf(innerOf(place, layer, layer.model), layer.model.output, steps + 1)
    : ((layer.className === inputLayerClass ? inputOf(place, steps + 1) : null) ??
      pathKey(...place.path, name));
  place.outputs.set(name, found);
  return found;
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
