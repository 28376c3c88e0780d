import type { ModelOutline, OutlineTensor } from '../../shared/protocol/model-outline.ts';
import { createTinyModel, type TinyModel } from './tiny-model.ts';

/**
 * The tiny model with channels that can be sliced: three between its segments, and those of both axes of the second
 * kernel. The first segment's activations are theirs.
 * @param kernel shape of the second kernel
 * @param granules of its axes
 */
export function sliceableModel(
  kernel: readonly [number, number],
  granules: readonly [number, number],
): TinyModel {
  const model = createTinyModel(kernel);
  const axes: Readonly<Record<string, OutlineTensor['axes']>> = {
    's1/kernel': [null, { spaces: [0] }],
    's1/bias': [{ spaces: [0] }],
    's2/kernel': [{ spaces: [1] }, { spaces: [2] }],
  };
  const outline: ModelOutline = {
    ...model.outline,
    spaces: [
      { layer: 's1', channels: 3, granule: 1 },
      { layer: 's2-in', channels: kernel[0], granule: granules[0] },
      { layer: 's2', channels: kernel[1], granule: granules[1] },
    ],
    segments: model.outline.segments.map(segment => ({
      ...segment,
      macs: 0,
      channels: {
        input: null,
        activations: segment.id === 'segment-1' ? [{ space: 0, each: 5 }] : [],
      },
      tensors: segment.tensors.map(tensor => ({ ...tensor, axes: axes[tensor.name] })),
    })),
  };
  return { ...model, outline };
}
