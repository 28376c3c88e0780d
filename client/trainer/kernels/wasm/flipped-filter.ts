import type { ConvInfo } from './conv-info.ts';
import { transposeMatrix } from './transpose-matrix.ts';

type ExplicitPad = [[number, number], [number, number], [number, number], [number, number]];

/**
 * The padding [top, bottom], [left, right] of dY with which its convolution with the flipped filter has the input's
 * size. Before the first row it is what the filter covers less the forward padding. After the last row it is what
 * remains of the sizes; the sizes are used because tfjs computes the output width of a non-square filter with numeric
 * padding from the filter's height.
 */
function mirroredPads(info: ConvInfo): [[number, number], [number, number]] {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  return [
    [info.filterHeight - 1 - padInfo.top, inHeight - outHeight + padInfo.top],
    [info.filterWidth - 1 - padInfo.left, inWidth - outWidth + padInfo.left],
  ];
}

/** Whether dX is itself a convolution of dY: with stride 1, without dilation, and if dY need not be cropped. */
export function canBackpropAsConvolution(info: ConvInfo): boolean {
  const isUnitStride = info.strideHeight === 1 && info.strideWidth === 1;
  const isUndilated = info.dilationHeight === 1 && info.dilationWidth === 1;
  return (
    isUnitStride &&
    isUndilated &&
    mirroredPads(info)
      .flat()
      .every(pad => pad >= 0)
  );
}

export function mirroredPad(info: ConvInfo): ExplicitPad {
  const [rows, columns] = mirroredPads(info);
  return [[0, 0], rows, columns, [0, 0]];
}

/** [Kh, Kw, C, Co] turned by 180 degrees, with the channel axes swapped: [Kh, Kw, Co, C]. */
export function flipFilter(filter: Float32Array, info: ConvInfo, flipped: Float32Array): void {
  const { inChannels, outChannels } = info;
  const taps = info.filterHeight * info.filterWidth;
  for (let tap = 0; tap < taps; tap++) {
    const from = tap * inChannels * outChannels;
    const to = (taps - 1 - tap) * inChannels * outChannels;
    transposeMatrix(filter, from, inChannels, outChannels, flipped, to);
  }
}

/** [Kh, Kw, C, 1] turned by 180 degrees: a depthwise filter has no channel axes to swap. */
export function flipDepthwiseFilter(filter: Float32Array, info: ConvInfo, flipped: Float32Array): void {
  const taps = info.filterHeight * info.filterWidth;
  const channels = info.inChannels;
  for (let tap = 0; tap < taps; tap++) {
    flipped.set(filter.subarray(tap * channels, (tap + 1) * channels), (taps - 1 - tap) * channels);
  }
}
