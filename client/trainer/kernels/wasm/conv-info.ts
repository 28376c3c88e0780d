import { backend_util } from '@tensorflow/tfjs-core';

export type ConvInfo = Readonly<backend_util.Conv2DInfo>;
type Shape4D = [number, number, number, number];

type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Pair = [number, number] | number;
type RoundingMode = 'floor' | 'round' | 'ceil';

interface ConvAttrs {
  readonly strides: Pair;
  readonly pad: Pad;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: Pair;
  readonly dimRoundingMode?: RoundingMode | undefined;
}

interface PoolAttrs {
  readonly filterSize: Pair;
  readonly strides: Pair;
  readonly pad: Pad;
  readonly dimRoundingMode?: RoundingMode | undefined;
}

/** @throws Error if the rank is not 4 */
export function shape4D(shape: readonly number[]): Shape4D {
  const [n, h, w, c] = shape;
  if (shape.length !== 4 || n === undefined || h === undefined || w === undefined || c === undefined) {
    throw new Error(`expected a tensor of rank 4, got shape [${shape}]`);
  }
  return [n, h, w, c];
}

/** Sizes, strides and padding of a convolution on NHWC tensors, the only layout of the WASM backend. */
export function convInfoOf(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvAttrs,
  isDepthwise = false,
): ConvInfo {
  if (attrs.dataFormat === 'NCHW') throw new Error('the WASM backend trains NHWC tensors only, got NCHW');
  return backend_util.computeConv2DInfo(
    shape4D(inShape),
    shape4D(filterShape),
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    isDepthwise,
  );
}

export function poolInfoOf(inShape: readonly number[], attrs: PoolAttrs): ConvInfo {
  return backend_util.computePool2DInfo(
    shape4D(inShape),
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
}

/** Filter taps times input channels: the columns of im2col, Kh * Kw * C. */
export function columnCount(info: ConvInfo): number {
  return info.filterHeight * info.filterWidth * info.inChannels;
}

/** Output cells over the batch: N * Ho * Wo. */
export function outputCells(info: ConvInfo): number {
  return info.batchSize * info.outHeight * info.outWidth;
}
