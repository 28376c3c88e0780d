import type * as tfl from '@tensorflow/tfjs-layers';
import type { ModelGraph } from '../model-graph.ts';
import { chainOf, gridAverages, type HeadRequest, logits, normAndRelu, pictureShape } from './head-layers.ts';

/**
 * Features averaged over a grid of about 4 × 4 patches, then a dense layer. It is linear, because networks with a
 * heavy head learn less for the same work. It has no global average like the convolutional head's: with that one a
 * loss took eight passes, with this grid one. If 4 × 4 would be too heavy, the grid is coarser. Features that are not
 * a picture go straight to the dense layer. If a layer behind the cut would norm and activate first, as in DenseNet,
 * the head does so too (PyTorch, CIFAR-10, DenseNet-28 grown: 49.8 % without, 56.0 % with).
 * @param isActivated whether a ReLU put the features out
 */
export function linearHead(request: HeadRequest, isActivated: boolean): tfl.LayersModel {
  const shape = pictureShape(request.featureShape);
  const first = shape && !isActivated ? normAndRelu(request.name, shape[2]) : [];
  return chainOf(request, [...first, ...gridAverages(request), logits(request)]);
}

const activations: ReadonlySet<string> = new Set(['ReLU', 'LeakyReLU', 'ELU']);
const pools: ReadonlySet<string> = new Set(['MaxPooling2D', 'AveragePooling2D', 'ZeroPadding2D', 'Dropout']);

/**
 * Whether this layer's output comes from an activation, pooled or not. The activation may be a setting of the layer.
 */
export function comesActivated(graph: ModelGraph, name: string): boolean {
  const layer = graph.layers.find(candidate => candidate.name === name);
  if (!layer) return false;
  const [input] = layer.inputs;
  if (pools.has(layer.className) && input !== undefined) return comesActivated(graph, input);
  const { activation } = layer.config;
  return activations.has(layer.className) || (typeof activation === 'string' && activation !== 'linear');
}
