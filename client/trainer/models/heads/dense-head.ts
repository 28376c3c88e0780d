import * as tfl from '@tensorflow/tfjs-layers';
import { elementsOf } from '../../../../shared/protocol/elements-of.ts';
import { chainOf, type HeadRequest, logits, pictureShape } from './head-layers.ts';

/**
 * On more features, a dense layer for ten classes alone would weigh as much as a small network (2^14 · 10 · 4 bytes
 * are 0.7 MB), and would be uploaded every round.
 */
const MAX_FEATURES = 2 ** 14;

/**
 * DSN's companion classifier (Lee et al.: arXiv 1409.5185): a linear one on the hidden features themselves. If there
 * are more than 16,384 numbers, patches of 2 × 2 are averaged, then larger ones until the numbers fit. The paper's
 * own classifier, on features of 8 × 8 and less, stays as it is.
 */
export function denseHead(request: HeadRequest): tfl.LayersModel {
  const { name, featureShape } = request;
  const shape = pictureShape(featureShape);
  if (!shape) return chainOf(request, [logits(request)]);
  const patch = patchThatFits(shape);
  const averages =
    elementsOf(patch) > 1 ? [tfl.layers.averagePooling2d({ name: `${name}-pool`, poolSize: patch })] : [];
  return chainOf(request, [...averages, tfl.layers.flatten({ name: `${name}-flatten` }), logits(request)]);
}

function patchThatFits([height, width, channels]: readonly [number, number, number]): [number, number] {
  for (let side = 1; ; side *= 2) {
    const patch: [number, number] = [Math.min(side, height), Math.min(side, width)];
    const left = Math.floor(height / patch[0]) * Math.floor(width / patch[1]) * channels;
    if (left <= MAX_FEATURES || side >= Math.max(height, width)) return patch;
  }
}
