import * as z from 'zod';
import { type GraphLayer, inputLayerClass, ModelRefusal } from '../model-graph.ts';

/** How many axes the output of each layer has, with that of the batch. */
export type Ranks = Map<string, number>;

const shapeSchema = z.array(z.unknown());

/** A picture, if nothing says otherwise. */
const PICTURE = 4;

const flat: ReadonlySet<string> = new Set(['Flatten', 'GlobalMaxPooling2D', 'GlobalAveragePooling2D']);

/** Notes a layer's rank. Its inputs' ranks are noted. */
export function noteRank(ranks: Ranks, { name, className, config, inputs }: GraphLayer): void {
  const sizes = className === inputLayerClass ? config.batch_input_shape : config.target_shape;
  const given = shapeSchema.safeParse(sizes).data?.length;
  if (className === inputLayerClass) ranks.set(name, given ?? PICTURE);
  else if (className === 'Reshape') ranks.set(name, 1 + (given ?? 1));
  else ranks.set(name, flat.has(className) ? 2 : Math.max(2, ...rankOfInputs(ranks, inputs)));
}

const rankOfInputs = (ranks: Ranks, inputs: readonly string[]): number[] =>
  inputs.map(input => ranks.get(input) ?? PICTURE);

/** Whether it flattens what is flat. Keras passes it on, and tf.layers refuses it. */
export const isIdleFlatten = (ranks: Ranks, { className, inputs }: GraphLayer): boolean =>
  className === 'Flatten' && rankOfInputs(ranks, inputs).every(rank => rank === 2);

/** Classes that tf.layers computes, or computes rightly, over the last axis only. */
const lastAxisOnly: ReadonlySet<string> = new Set(['BatchNormalization', 'GroupNormalization', 'Softmax']);

/** The layer over its last axis, between two layers that bring its axis there and back. */
export function onLastAxis(ranks: Ranks, layer: GraphLayer): GraphLayer[] {
  const { name, className, config, inputs } = layer;
  if (!lastAxisOnly.has(className) || typeof config.axis !== 'number') return [layer];
  const rank = Math.max(2, ...rankOfInputs(ranks, inputs));
  const axis = config.axis < 0 ? config.axis + rank : config.axis;
  const last = { ...layer, config: { ...config, axis: -1 } };
  if (axis === rank - 1) return [last];
  // tf.layers counts from 1, because the batch stays where it is.
  const order = [...Array(rank).keys()]
    .slice(1)
    .filter(other => other !== axis)
    .concat(axis);
  const back = order.map((_, i) => order.indexOf(i + 1) + 1);
  const permute = (part: string, dims: readonly number[], from: readonly string[]): GraphLayer => ({
    name: `${name}-${part}`,
    className: 'Permute',
    config: { dims },
    inputs: from,
  });
  const there = permute('axis-last', order, inputs);
  return [there, { ...last, inputs: [there.name] }, permute('axis-back', back, [name])];
}

/** Classes whose setting `axis` names axes of what comes in. */
const onAxes: ReadonlySet<string> = new Set([
  ...['BatchNormalization', 'LayerNormalization', 'GroupNormalization', 'Softmax', 'Concatenate'],
]);

/** @throws ModelRefusal if an axis is not there, or is that of the batch: a layer would mix the batch's examples */
export function checkAxes(ranks: Ranks, { name, className, config, inputs }: GraphLayer): void {
  if (!onAxes.has(className) || config.axis === undefined) return;
  const rank = Math.max(2, ...rankOfInputs(ranks, inputs));
  for (const axis of [config.axis].flat().map(Number)) {
    if (axis >= rank || axis < -rank)
      throw new ModelRefusal(
        `layer ${name} (${className}) has axis = ${axis}, and what comes in has ${rank} axes`,
      );
    if (axis === 0 || axis === -rank)
      throw new ModelRefusal(
        `layer ${name} (${className}) has axis = ${axis}, which would mix the examples of a batch`,
      );
  }
}
