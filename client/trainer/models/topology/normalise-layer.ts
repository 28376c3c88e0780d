import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { frontClasses } from './front-classes.ts';
import { own } from './json-fields.ts';
import { classNameOf, type LayerClass, layerClasses } from './layer-classes.ts';
import type { LayerNames } from './layer-names.ts';
import { readSettings } from './read-settings.ts';
import { rewriteLayer } from './rewrite-layer.ts';
import type { KerasVersion } from './settings.ts';

/**
 * A layer in the form in which it will be trained: as one layer of tf.layers, as several, or as none. The last one
 * puts out what the layer puts out. With it comes what was changed, in words for its owner.
 */
export interface NormalisedLayer {
  readonly layers: readonly GraphLayer[];
  readonly notes: readonly string[];
}

/**
 * Turns a layer that Keras 2 or 3 wrote into what tf.layers reads. Every setting is read.
 * @param keras tf.layers means what Keras 2 means
 * @param names those of the network, for layers that are added
 * @throws ModelRefusal for a class or a setting that cannot be followed; it names the layer and the setting
 */
export function normaliseLayer(given: GraphLayer, keras: KerasVersion, names: LayerNames): NormalisedLayer {
  const layer = { ...given, className: classNameOf(given.className) };
  const { config, notes } = readSettings(layer, classOf(layer), keras);
  const rewritten = rewriteLayer({ ...layer, config }, keras, names);
  // What stands for the layer now is read in its turn: an activation may be a layer with settings of its own.
  const parts = rewritten.layers.map(part =>
    part.name === layer.name && part.className === layer.className
      ? { layers: [part], notes: [] }
      : normaliseLayer(part, keras, names),
  );
  return {
    layers: parts.flatMap(part => part.layers),
    notes: [...notes, ...rewritten.notes, ...parts.flatMap(part => part.notes)],
  };
}

/** Why a class that people ask for cannot be trained. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^ThresholdedReLU$/, 'tfjs has no gradient for a threshold'],
  [/Lambda$|>/, 'it is code, which the file does not hold'],
  [/Attention$/, 'tf.layers cannot read attention from a file'],
  [/^(Embedding|LSTM|GRU|\w*RNN|Bidirectional|TimeDistributed|Masking)$/, 'it is for sequences'],
  [/(1D|3D|1DTranspose|3DTranspose)$/, 'it is not for pictures'],
];

function classOf({ name, className }: GraphLayer): LayerClass {
  const found = own(layerClasses, className);
  if (found) return found;
  if (Object.hasOwn(frontClasses, className))
    throw new ModelRefusal(
      `layer ${name} (${className}) prepares pictures: it can only stand right behind the input`,
    );
  const reason = reasons.find(([pattern]) => pattern.test(className))?.[1];
  throw new ModelRefusal(
    `layer ${name} is of class ${className}, which cannot be trained here${reason ? ` (${reason})` : ''}: there is ${Object.keys(layerClasses).join(', ')}`,
  );
}
