import * as z from 'zod';
import { elementsOf } from '../../../../shared/protocol/elements-of.ts';
import { listOf } from '../../../../shared/protocol/list-of.ts';
import { type GraphLayer, inputLayerClass, type ModelGraph, ModelRefusal } from '../model-graph.ts';
import { frontClasses } from './front-classes.ts';
import { type Augment, frontReaders } from './front-layers.ts';
import { own } from './json-fields.ts';
import { classNameOf, layerClasses } from './layer-classes.ts';
import { LayerNames } from './layer-names.ts';
import { readSettings } from './read-settings.ts';
import type { KerasVersion } from './settings.ts';

export interface PreparedInput {
  readonly graph: ModelGraph;
  readonly notes: readonly string[];
  /** What the network's own augmentation asks of the run; null if it has none that the run can do. */
  readonly augment: Augment | null;
}

/** What became of the layers behind the input. */
interface Front {
  readonly layers: readonly GraphLayer[];
  readonly shape: readonly number[];
  readonly notes: readonly string[];
  readonly augment: Augment | null;
}

/**
 * Fits a network's beginning to the data. Its input takes a picture of the data's size. Layers behind it that augment
 * pictures are left out, and the run augments. Those that prepare pictures are written in layers of tf.layers.
 * @param inputShape height, width and channels of the data's pictures
 * @throws ModelRefusal if the network takes pictures of another size, or prepares them in a way that is not possible
 */
export function prepareInput(
  given: ModelGraph,
  inputShape: readonly number[],
  keras: KerasVersion,
): PreparedInput {
  const inputs = given.layers.filter(({ className }) => className === inputLayerClass);
  const [input] = inputs;
  if (!input || inputs.length > 1)
    throw new ModelRefusal(`${given.name} takes ${inputs.length} inputs: it must take one picture`);
  const behind = layersBehind(given, input);
  const taken = takePictures(given, input, inputShape, behind.some(isResizing));
  const front = readFront(behind, inputShape, keras);
  const chain = chained([...taken, ...front.layers]);
  const last = behind.at(-1) ?? input;
  const [end] = chain.slice(-1);
  const rest = given.layers
    .filter(layer => layer !== input && !behind.includes(layer))
    .map(layer => ({
      ...layer,
      inputs: layer.inputs.map(from => (from === last.name ? (end?.name ?? from) : from)),
    }));
  return { graph: { ...given, layers: [...chain, ...rest] }, notes: front.notes, augment: front.augment };
}

const isResizing = ({ className }: GraphLayer): boolean =>
  ['Resizing', 'CenterCrop', 'RandomCrop'].includes(classNameOf(className));

/** The chain of layers behind the input that prepare pictures. */
function layersBehind({ layers }: ModelGraph, input: GraphLayer): GraphLayer[] {
  const found: GraphLayer[] = [];
  let at = input;
  while (true) {
    const [next, ...others] = layers.filter(({ inputs }) => inputs.includes(at.name));
    if (!next || others.length > 0 || !Object.hasOwn(frontReaders, classNameOf(next.className))) return found;
    found.push(next);
    at = next;
  }
}

function readFront(layers: readonly GraphLayer[], shape: readonly number[], keras: KerasVersion): Front {
  const start: Front = { layers: [], shape, notes: [], augment: null };
  return layers.reduce((front, given) => {
    const className = classNameOf(given.className);
    const known = own(frontClasses, className) ?? own(layerClasses, className);
    const read = own(frontReaders, className);
    if (!known || !read) return front;
    const { config, notes } = readSettings({ ...given, className }, known, keras);
    const { layer, shape, note, augment } = read({ ...given, className, config }, front.shape);
    return {
      layers: layer ? [...front.layers, layer] : front.layers,
      shape,
      notes: [...front.notes, ...notes, ...(note === undefined ? [] : [note])],
      augment: augment ?? front.augment,
    };
  }, start);
}

/** Each layer on the one before it. */
const chained = (layers: readonly GraphLayer[]): GraphLayer[] =>
  layers.map((layer, i) => ({ ...layer, inputs: layers.slice(i - 1, i).map(({ name }) => name) }));

const shapeSchema = listOf(z.number().nullable());

/**
 * An input for the data's pictures. A reshape follows if the network takes the same numbers in another shape: 28 × 28,
 * or 784.
 */
function takePictures(
  { name, layers }: ModelGraph,
  input: GraphLayer,
  inputShape: readonly number[],
  isResized: boolean,
): GraphLayer[] {
  const { batch_shape, batch_input_shape = batch_shape } = input.config;
  const shape = shapeSchema.safeParse(batch_input_shape).data?.slice(1);
  const { batch_shape: _, ...config } = input.config;
  const taken = { ...input, config: { ...config, batch_input_shape: [null, ...inputShape] } };
  if (shape && isPictureOf(shape, inputShape, isResized)) return [taken];
  if (shape && isFlatOf(shape, inputShape)) {
    const reshape = new LayerNames(layers.map(layer => layer.name)).free(`${input.name}-shape`);
    return [taken, { name: reshape, className: 'Reshape', config: { target_shape: shape }, inputs: [] }];
  }
  throw new ModelRefusal(
    `${name} takes inputs of ${describe(shape)}, the data's pictures are ${describe(inputShape)}`,
  );
}

function isPictureOf(
  shape: readonly (number | null)[],
  inputShape: readonly number[],
  isResized: boolean,
): boolean {
  const fits = (size: number | null, i: number): boolean =>
    size === null || size === inputShape[i] || (isResized && i < 2);
  return shape.length === 3 && shape.every(fits);
}

/** The same numbers in the same order: all in a row, or a grey picture without its axis of channels. */
const isFlatOf = (shape: readonly (number | null)[], [height, width, channels]: readonly number[]): boolean =>
  (shape.length === 1 && shape[0] === elementsOf([height ?? 0, width ?? 0, channels ?? 0])) ||
  (channels === 1 && shape.length === 2 && shape[0] === height && shape[1] === width);

const describe = (shape: readonly (number | null)[] | undefined): string =>
  shape ? shape.map(size => size ?? 'any').join(' × ') : 'an unknown shape';
