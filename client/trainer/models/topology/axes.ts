import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { shortJson } from './json-fields.ts';
import type { LayerNames } from './layer-names.ts';
import type { Shape } from './shapes.ts';

/** Classes whose setting `axis` names axes of what comes in. */
const onAxes: ReadonlySet<string> = new Set([
  ...['BatchNormalization', 'LayerNormalization', 'GroupNormalization', 'Softmax', 'Concatenate'],
]);

/**
 * The layer with its axes as tf.layers takes them.
 * @param input shape of what comes in, without the batch
 * @throws ModelRefusal if an axis is not there, or is that of the batch: a layer would mix the batch's examples
 */
export function byAxes(layer: GraphLayer, input: Shape, names: LayerNames): GraphLayer[] {
  const { className, config } = layer;
  if (className === 'Permute') checkOrder(layer, input.length);
  if (!onAxes.has(className) || config.axis === undefined) return [layer];
  const axes = [config.axis].flat().map(axis => placeOf(layer, Number(axis), input.length + 1));
  if (new Set(axes).size < axes.length)
    throw new ModelRefusal(
      `layer ${layer.name} (${className}) names an axis twice: ${shortJson(config.axis)}`,
    );
  const [axis = -1] = axes;
  // tf.layers takes every axis below zero of a concatenation for the last one.
  if (className === 'Concatenate') return [withAxis(layer, axis)];
  return className === 'LayerNormalization' ? [layer] : onLastAxis(layer, axis, input.length + 1, names);
}

/** @throws ModelRefusal if an order of axes lacks one, or has one twice */
function checkOrder({ name, config: { dims } }: GraphLayer, rank: number): void {
  const order = [dims].flat().map(Number);
  const isWhole = order.length === rank && order.toSorted((a, b) => a - b).every((axis, i) => axis === i + 1);
  if (!isWhole)
    throw new ModelRefusal(
      `layer ${name} (Permute) has dims = ${shortJson(dims)}: it must name each of ${rank} axes once, counted from 1`,
    );
}

function placeOf({ name, className }: GraphLayer, axis: number, rank: number): number {
  const refuse = (why: string): never => {
    throw new ModelRefusal(`layer ${name} (${className}) has axis = ${axis}, ${why}`);
  };
  if (axis >= rank || axis < -rank) refuse(`and what comes in has ${rank} axes`);
  if (axis === 0 || axis === -rank) refuse('which would mix the examples of a batch');
  return axis < 0 ? axis + rank : axis;
}

const withAxis = (layer: GraphLayer, axis: number): GraphLayer => ({
  ...layer,
  config: { ...layer.config, axis },
});

/**
 * A norm or a softmax over another axis than the last, which tf.layers computes wrongly or not at all: between two
 * layers that bring the axis there and back.
 */
function onLastAxis(layer: GraphLayer, axis: number, rank: number, names: LayerNames): GraphLayer[] {
  const last = withAxis(layer, -1);
  if (axis === rank - 1) return [last];
  const others = [...Array(rank).keys()].slice(1).filter(other => other !== axis);
  // tf.layers counts from 1, because the batch stays where it is.
  const order = [...others, axis];
  const back = order.map((_, i) => order.indexOf(i + 1) + 1);
  const permute = (name: string, dims: readonly number[], inputs: readonly string[]): GraphLayer => ({
    name: names.free(name),
    className: 'Permute',
    config: { dims },
    inputs,
  });
  const there = permute(`${layer.name}-axis-last`, order, layer.inputs);
  return [there, { ...last, inputs: [there.name] }, permute(`${layer.name}-axis-back`, back, [layer.name])];
}
