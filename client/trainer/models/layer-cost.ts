import type * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import { ModelRefusal } from './model-graph.ts';

type Layer = tfl.layers.Layer;

/** Numbers that a layer puts out for one example. */
export const outputElements = (layer: Layer): number => elementsOf(outputSizes(layer));

/**
 * A layer's output shape without the batch. @throws ModelRefusal for several outputs, an open shape, or an empty one
 */
export const outputSizes = (layer: Layer): number[] => fixedSizes(layer.name, layer.outputShape);

/**
 * Multiply-accumulates of a forward pass of one example. A layer with kernels uses each of them once at every output
 * position. A convolution (plain, grouped, depthwise or separable) has its output positions, a dense layer on a
 * vector has one. Layers without kernels (norms, pools, activations, sums, concatenations) are not counted, as in the
 * literature.
 */
export function layerMacs(layer: Layer): number {
  const kernels = layer.weights.filter(weight => weight.originalName.endsWith('kernel'));
  const positions = elementsOf(outputSizes(layer).slice(0, -1));
  return kernels.reduce((sum, { shape }) => sum + positions * elementsOf(shape.map(size => size ?? 1)), 0);
}

/**
 * Numbers that a layer makes for one example; tfjs holds all of them until the backward pass has used them. They are
 * its output, the sum before a bias was added, and the sum before an activation. Another view of the same numbers
 * counts nothing.
 */
export function layerActivations(layer: Layer): number {
  if (viewClasses.has(layer.getClassName())) return 0;
  const { useBias, activation } = layer.getConfig();
  const hasActivation = activation !== undefined && activation !== 'linear' && isWeighted(layer);
  return outputElements(layer) * (1 + Number(useBias === true) + Number(hasActivation));
}

/** A layer that is only an activation makes nothing before it. */
const isWeighted = (layer: Layer): boolean => layer.weights.length > 0;

const viewClasses: ReadonlySet<string> = new Set(['InputLayer', 'Flatten', 'Reshape']);

function fixedSizes(name: string, shape: tfl.Shape | tfl.Shape[]): number[] {
  return shape.slice(1).map(size => {
    if (typeof size !== 'number') throw new ModelRefusal(`layer ${name} has no fixed output shape`);
    if (size < 1)
      throw new ModelRefusal(`pictures of this size are too small: nothing of them reaches layer ${name}`);
    return size;
  });
}
