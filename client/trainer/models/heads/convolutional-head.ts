import * as tfl from '@tensorflow/tfjs-layers';
import {
  beforeRelu,
  chainOf,
  channelMeans,
  type HeadRequest,
  logits,
  normAndRelu,
  pictureShape,
} from './head-layers.ts';

/**
 * The convolutional head (shared/plan/README.md, "Heads"), one of those of DGL (Belilovsky et al.: arXiv 1901.08164):
 * a 3 × 3 convolution with stride 2, norm, ReLU, the mean of each channel, a dense layer. The convolution halves the
 * channels: so VGG16's student uploads 8.2 MB with its head, 7.0 of them its own. Features that are not a picture go
 * straight to the dense layer.
 */
export function convolutionalHead(request: HeadRequest): tfl.LayersModel {
  const shape = pictureShape(request.featureShape);
  const convolution = shape ? halving(request, Math.ceil(shape[2] / 2)) : [];
  return chainOf(request, [...convolution, ...channelMeans(request), logits(request)]);
}

const halving = (request: HeadRequest, filters: number): tfl.layers.Layer[] => [
  tfl.layers.conv2d({
    name: `${request.name}-conv`,
    filters,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    useBias: false,
    kernelInitializer: beforeRelu(request),
  }),
  ...normAndRelu(`${request.name}-conv`, filters),
];
