import { createRandom, type Random, randomNormal } from '../../../shared/math/random.ts';
import { kindOf, type Shape } from './layer-kinds.ts';
import type { SketchLayer } from './sketch.ts';

/** A layer's weight under the name that tf.layers gives it. */
export interface SketchWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** The weights of a layer, the same ones for every writer, in the order in which the layer keeps them. */
export function weightsOf({ name, kind, settings, inputs }: SketchLayer): SketchWeight[] {
  const shapes = kindOf(kind).weights?.(inputs[0] ?? [], settings) ?? {};
  return Object.entries(shapes).map(([weight, shape]) => {
    const random = createRandom('sketch-weights', name, weight);
    const draw = drawFor(weight, shape, random);
    return { name: weight, shape, values: Float32Array.from({ length: sizeOf(shape) }, draw) };
  });
}

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Numbers as a network that has learnt a little has them: nothing is exactly 0 or 1, and signals keep their size. */
function drawFor(weight: string, shape: Shape, random: Random): () => number {
  if (weight === 'gamma' || weight === 'moving_variance') return () => 0.75 + random() / 2;
  if (!weight.endsWith('kernel')) return () => (random() - 0.5) / 5;
  const spread = Math.sqrt(2 / fanIn(weight, shape));
  return () => spread * randomNormal(random);
}

function fanIn(weight: string, shape: Shape): number {
  const [height = 1, width = 1] = shape;
  return weight.endsWith('depthwise_kernel') ? height * width : sizeOf(shape.slice(0, -1));
}
