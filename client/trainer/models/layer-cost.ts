import type * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../shared/math/elements-of.ts';

type Layer = tfl.layers.Layer;

/** Sizes of a layer's one output, an example. */
export const outputElements = (layer: Layer): number => elementsOf(outputSizes(layer));

/** A layer's output shape without the batch. @throws for a layer of several outputs or an open shape */
export function outputSizes(layer: Layer): number[] {
  return layer.outputShape.slice(1).map(size => {
    if (typeof size !== 'number') throw new Error(`layer ${layer.name} has no fixed output shape`);
    return size;
  });
}

/**
 * Multiply-accumulates of a forward pass of one example. What has a kernel uses it once for each output position: the
 * output positions of a convolution, one for a dense layer. What has none is not counted.
 */
export function layerMacs(layer: Layer): number {
  const kernel = layer.weights.find(weight => weight.originalName.endsWith('kernel'));
  if (!kernel) return 0;
  const positions = elementsOf(outputSizes(layer).slice(0, -1));
  return positions * elementsOf(kernel.shape.map(size => size ?? 1));
}
