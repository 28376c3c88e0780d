import * as tfl from '@tensorflow/tfjs-layers';
import { Bias } from '../../layers/bias.ts';
import { layerMacs } from '../layer-cost.ts';
import { inputLayerClass, type ModelGraph } from '../model-graph.ts';
import { chainOf, gridAverages, type HeadRequest, logits } from './head-layers.ts';

/** The share of the average that is kept at each step; MAN's value. */
export const MOMENTUM_DECAY = 0.995;

/**
 * MAN (Su et al.: arXiv 2407.05623): features go through a moving average of the next segment's first layer. It is
 * not trained but follows that layer. The features were not made for it, so next comes a bias of the head's own,
 * which is trained. Behind it come a ReLU and the linear head's averages.
 * @param request has the shape of what the average puts out as its features
 */
export const momentumHead = (request: HeadRequest): tfl.LayersModel =>
  chainOf(request, [
    new Bias({ name: `${request.name}-bias` }),
    tfl.layers.activation({ name: `${request.name}-relu`, activation: 'relu' }),
    ...gridAverages(request),
    logits(request),
  ]);

/**
 * The layers of a segment that MAN averages: its first layer that multiplies, and what that one needs.
 * @param segment begins with its input; the model holds its layers
 */
export function averagedLayers(model: tfl.LayersModel, segment: ModelGraph): ModelGraph {
  const isFirst = ({ name, className }: ModelGraph['layers'][number]): boolean =>
    className !== inputLayerClass && layerMacs(model.getLayer(name)) > 0;
  const end = segment.layers.find(isFirst) ?? segment.layers.at(-1);
  const needed = new Set(end ? [end.name] : []);
  for (const { name, inputs } of segment.layers.toReversed())
    if (needed.has(name)) for (const input of inputs) needed.add(input);
  return { name: `${segment.name}-average`, layers: segment.layers.filter(({ name }) => needed.has(name)) };
}
