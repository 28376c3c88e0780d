import type * as tfl from '@tensorflow/tfjs-layers';
import type { HeadStyle } from '../../../../shared/protocol/head-style.ts';
import { augLocalHead, type Hanging } from './aug-local-head.ts';
import { convolutionalHead } from './convolutional-head.ts';
import { denseHead } from './dense-head.ts';
import type { HeadRequest } from './head-layers.ts';
import { comesActivated, linearHead } from './linear-head.ts';
import { momentumHead } from './momentum-head.ts';

/**
 * The head on a segment: it makes logits from the segment's features, for a loss of the segment's own. An export
 * leaves it out, unless the plan keeps heads.
 * @param hanging where in the network it hangs
 * @returns a model that the caller owns
 */
export function buildHead(style: HeadStyle, request: HeadRequest, hanging: Hanging): tfl.LayersModel {
  switch (style) {
    case 'linear':
      return linearHead(request, comesActivated(hanging.graph, hanging.after));
    case 'convolutional':
      return convolutionalHead(request);
    case 'dense':
      return denseHead(request);
    case 'aug-local':
      return augLocalHead(request, hanging);
    case 'momentum':
      return momentumHead(request);
  }
}
