import type { GraphLayer, ModelGraph } from '../model-graph.ts';
import { numbersOf } from './json-fields.ts';
import type { NormalisedGraph } from './normalised-graph.ts';
import type { Config } from './settings.ts';

/**
 * What a network does to pictures at first may be written for numbers in [0, 255]. It then makes them smaller by this
 * much or more. A network for pictures in [0, 1] does not.
 */
const LARGEST_DIVIDING_SCALE = 1 / 16;
/** Numbers above that are no start for training: the first layer's outputs, and its gradients, grow with them. */
const LARGEST_SCALE = 16;
const WHITE = 255;

/** Layers behind which pictures still have the data's numbers, all or some of them. */
const keepNumbers: ReadonlySet<string> = new Set([
  ...[
    'InputLayer',
    'ZeroPadding2D',
    'Cropping2D',
    'Permute',
    'Reshape',
    'Flatten',
    'Concatenate',
    'Resizing',
  ],
  ...['MaxPooling2D', 'AveragePooling2D', 'Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'],
]);

/**
 * Writes a network that was made for pictures in [0, 255] for those in [0, 1], which volunteers have: the first
 * rescaling of the data's numbers gets 255 times its scale. Rescalings behind one another count together:
 * `(x − 127.5) / 127.5` are two.
 */
export function rescalePictures(graph: ModelGraph): NormalisedGraph {
  const readings = firstRescalings(graph).map(layer => readRescaling(graph, layer));
  const found = new Map(readings.map(reading => [reading.layer.name, reading]));
  const idle = new Map(
    readings
      .filter(({ layer, total, scale }) => isWrittenFor255(total) && isIdle(layer.config, numbersOf(scale)))
      .map(({ layer }) => [layer.name, layer.inputs[0] ?? '']),
  );
  const layers = graph.layers.flatMap(layer => {
    const inputs = layer.inputs.map(from => idle.get(from) ?? from);
    const scale = found.get(layer.name)?.scale;
    if (idle.has(layer.name)) return [];
    return [{ ...layer, inputs, ...(scale === undefined ? {} : { config: { ...layer.config, scale } }) }];
  });
  return { graph: { ...graph, layers }, notes: readings.map(note).filter(text => text !== null) };
}

/** Rescalings that the data's own numbers go into. */
function firstRescalings({ layers }: ModelGraph): GraphLayer[] {
  const raw = new Set<string>();
  return layers.filter(({ name, className, config, inputs }) => {
    const takesRaw = inputs.every(from => raw.has(from));
    const isLinear = className === 'Activation' && config.activation === 'linear';
    const isCopy = className === 'Rescaling' && isIdle(config, numbersOf(config.scale));
    if (takesRaw && (keepNumbers.has(className) || isLinear || isCopy)) raw.add(name);
    return takesRaw && className === 'Rescaling' && !isCopy;
  });
}

interface Reading {
  readonly layer: GraphLayer;
  /** By how much the rescalings together make numbers larger, at most. */
  readonly total: number;
  /** The layer's scale for pictures in [0, 1]. */
  readonly scale: number | readonly number[];
}

function readRescaling(graph: ModelGraph, layer: GraphLayer): Reading {
  const total = chainBehind(graph, layer).reduce((product, { config }) => product * largest(config.scale), 1);
  const scales = numbersOf(layer.config.scale).map(scale => (isWrittenFor255(total) ? scale * WHITE : scale));
  const [only = 1, ...more] = scales;
  return { layer, total, scale: more.length === 0 ? only : scales };
}

const isWrittenFor255 = (total: number): boolean => total <= LARGEST_DIVIDING_SCALE;

/** The layer and the rescalings that follow it alone. */
function chainBehind({ layers }: ModelGraph, layer: GraphLayer): GraphLayer[] {
  const [next, ...others] = layers.filter(({ inputs }) => inputs.includes(layer.name));
  const isChain = next?.className === 'Rescaling' && others.length === 0;
  return isChain ? [layer, ...chainBehind({ name: '', layers }, next)] : [layer];
}

const largest = (value: unknown): number => Math.max(...numbersOf(value).map(Math.abs));

const isIdle = (config: Config, scale: readonly number[]): boolean =>
  scale.every(value => Math.abs(value - 1) < 1e-4) &&
  numbersOf(config.offset ?? 0).every(value => value === 0);

const was = 'it is written for pictures in [0, 255], and here they are in [0, 1]';

function note({ layer, total, scale }: Reading): string | null {
  const described = `layer ${layer.name} (Rescaling)`;
  if (isWrittenFor255(total))
    return isIdle(layer.config, numbersOf(scale))
      ? `${described} left out: ${was}`
      : `${described} has its scale times 255: ${was}`;
  return total > LARGEST_SCALE
    ? `${described} makes numbers up to ${Math.round(total)} of pictures in [0, 1]: a network learns badly from numbers far above 1`
    : null;
}
