import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvInfo } from './conv-info.ts';
import {
  addressOf,
  convolve,
  type FilterView,
  FLOAT,
  packedSize,
  packWeights,
  type Simd,
  type Target,
  type Walk,
} from './simd-calls.ts';
import { type PaddedImages, type Padding, withPadded, zerosAfter } from './simd-padding.ts';
import { hasTiles, tiledConv2d } from './simd-winograd.ts';
import { withScratch } from './wasm-kernel.ts';

/** A convolution in groups, without dilation; its filter is [Kh, Kw, C / groups, Co]. */
export interface GroupedConv {
  readonly info: ConvInfo;
  readonly groups: number;
}

export const isUndilated = ({ dilationHeight, dilationWidth }: ConvInfo): boolean =>
  dilationHeight === 1 && dilationWidth === 1;

/** y [N, Ho, Wo, Co], with bias [Co] and relu if asked for. */
export function simdConv2d(
  simd: Simd,
  x: TensorInfo,
  filter: TensorInfo,
  conv: GroupedConv,
  bias: TensorInfo | null = null,
  isRelu = false,
): TensorInfo {
  const { info } = conv;
  if (hasTiles(conv)) return convolveTiles(simd, x, filter, conv, bias, isRelu);
  const y = simd.backend.makeOutput(info.outShape, 'float32');
  const view = forwardView(addressOf(simd, filter), conv);
  withPadded(simd, x, inputPadding(info), padded =>
    withPacked(simd, view, weights => {
      const call = { x: padded.start, weights, bias: bias ? addressOf(simd, bias) : 0, isRelu };
      const [walk, target] = flatten(forwardWalk(padded, conv), denseTarget(info));
      convolve(simd, { ...call, y: addressOf(simd, y) }, walk, target);
    }),
  );
  return y;
}

function convolveTiles(
  simd: Simd,
  x: TensorInfo,
  filter: TensorInfo,
  conv: GroupedConv,
  bias: TensorInfo | null,
  isRelu: boolean,
): TensorInfo {
  const { padInfo, outShape } = conv.info;
  const view = forwardView(addressOf(simd, filter), conv);
  return tiledConv2d(simd, { x, view, bias, isRelu, top: padInfo.top, left: padInfo.left, outShape });
}

/**
 * dX: for each phase (row mod stride, column mod stride) it is a convolution of dY with the taps that reach the
 * phase, turned by 180 degrees. No zeros are put between dY's cells. A phase that no tap reaches is filled with
 * zeros.
 */
export function simdInputGradient(
  simd: Simd,
  dy: TensorInfo,
  filter: TensorInfo,
  conv: GroupedConv,
): TensorInfo {
  const { info } = conv;
  if (hasTiles(conv)) return inputGradientByTiles(simd, dy, filter, info);
  const dx = simd.backend.makeOutput(info.inShape, 'float32');
  const rows = phasesOf(info.inHeight, info.strideHeight, info.padInfo.top, info.filterHeight);
  const columns = phasesOf(info.inWidth, info.strideWidth, info.padInfo.left, info.filterWidth);
  const [top, bottom] = zerosAround(rows, info.outHeight);
  const [left, right] = zerosAround(columns, info.outWidth);
  withPadded(simd, dy, { top, left, bottom, right }, padded => {
    for (const row of rows) {
      for (const column of columns) {
        const start = padded.start + (top - row.before) * padded.row + (left - column.before) * padded.pixel;
        writePhase(simd, { ...padded, start }, filter, conv, row, column, addressOf(simd, dx));
      }
    }
  });
  return dx;
}

/** The filter turned by 180 degrees, with its channel axes swapped. */
function inputGradientByTiles(simd: Simd, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { inChannels, outChannels, inShape, padInfo } = info;
  const tapStep = inChannels * outChannels;
  const view: FilterView = {
    ...{ start: addressOf(simd, filter) + 8 * tapStep * FLOAT, tapRows: 3, tapColumns: 3 },
    ...{ channels: outChannels, outputs: inChannels, groups: 1, groupStep: 0 },
    ...{ tapRowStep: -3 * tapStep, tapColumnStep: -tapStep, channelStep: 1, outputStep: outChannels },
  };
  const [top, left] = [2 - padInfo.top, 2 - padInfo.left];
  return tiledConv2d(simd, { x: dy, view, bias: null, isRelu: false, top, left, outShape: inShape });
}

/**
 * Along one axis: the input cells offset, offset + stride, … and the filter taps first, first + stride, … that reach
 * them.
 */
interface Phase {
  readonly offset: number;
  readonly cells: number;
  readonly first: number;
  readonly taps: number;
  /**
   * Zeros before dY: how far the first cell's first tap lies before dY's first cell. Negative if it lies after that
   * cell.
   */
  readonly before: number;
}

function phasesOf(inSize: number, stride: number, padBefore: number, filterSize: number): Phase[] {
  return Array.from({ length: Math.min(stride, inSize) }, (_, offset) => {
    const first = (offset + padBefore) % stride;
    const taps = Math.max(0, Math.ceil((filterSize - first) / stride));
    const before = taps - 1 - (offset + padBefore - first) / stride;
    return { offset, cells: Math.ceil((inSize - offset) / stride), first, taps, before };
  });
}

/** Zeros before and after dY that are enough for every phase. */
function zerosAround(phases: readonly Phase[], outSize: number): [number, number] {
  const reached = phases.filter(({ taps }) => taps > 0);
  const before = Math.max(0, ...reached.map(phase => phase.before));
  const needed = reached.map(phase => before - phase.before + phase.cells + phase.taps - 1);
  return [before, zerosAfter(Math.max(0, ...needed), before, outSize)];
}

function writePhase(
  simd: Simd,
  dy: PaddedImages,
  filter: TensorInfo,
  { info, groups }: GroupedConv,
  row: Phase,
  column: Phase,
  dx: number,
): void {
  const { inChannels, outChannels, inHeight, inWidth, strideHeight, strideWidth, filterWidth } = info;
  const perGroup = { in: inChannels / groups, out: outChannels / groups };
  const tapStep = perGroup.in * outChannels;
  const isReached = row.taps > 0 && column.taps > 0;
  const lastTap =
    (row.first + (row.taps - 1) * strideHeight) * filterWidth +
    column.first +
    (column.taps - 1) * strideWidth;
  const view: FilterView = {
    start: addressOf(simd, filter) + (isReached ? lastTap * tapStep * FLOAT : 0),
    tapRows: isReached ? row.taps : 0,
    tapColumns: isReached ? column.taps : 0,
    channels: perGroup.out,
    outputs: perGroup.in,
    groups,
    tapRowStep: -strideHeight * filterWidth * tapStep,
    tapColumnStep: -strideWidth * tapStep,
    channelStep: 1,
    outputStep: outChannels,
    groupStep: perGroup.out,
  };
  const pixel = inChannels * FLOAT;
  const target: Target = {
    yImage: inHeight * inWidth * pixel,
    yRow: strideHeight * inWidth * pixel,
    yColumn: strideWidth * pixel,
  };
  const y = dx + (row.offset * inWidth + column.offset) * pixel;
  const grid = { images: info.batchSize, rows: row.cells, columns: column.cells };
  const [walk, flat] = flatten(walkOf(dy, grid, view, [1, 1]), target);
  withPacked(simd, view, weights =>
    convolve(simd, { x: dy.start, weights, bias: 0, y, isRelu: false }, walk, flat),
  );
}

/** Zeros around the input, so that every window lies inside. */
export function inputPadding(info: ConvInfo): Padding {
  const { top, left } = info.padInfo;
  const neededRows = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const neededColumns = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  const bottom = zerosAfter(neededRows, top, info.inHeight);
  const right = zerosAfter(neededColumns, left, info.inWidth);
  return { top, left, bottom, right };
}

function withPacked(simd: Simd, view: FilterView, use: (weights: number) => void): void {
  withScratch(simd.backend, [Math.max(1, packedSize(view))], packed => {
    const weights = addressOf(simd, packed);
    packWeights(simd, view, weights);
    use(weights);
  });
}

export function forwardView(start: number, { info, groups }: GroupedConv): FilterView {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const channels = inChannels / groups;
  const outputs = outChannels / groups;
  return {
    ...{ start, tapRows: filterHeight, tapColumns: filterWidth, channels, outputs, groups },
    ...{ tapRowStep: filterWidth * channels * outChannels, tapColumnStep: channels * outChannels },
    ...{ channelStep: outChannels, outputStep: 1, groupStep: outputs },
  };
}

function forwardWalk(padded: PaddedImages, conv: GroupedConv): Walk {
  const { batchSize: images, outHeight: rows, outWidth: columns, strideHeight, strideWidth } = conv.info;
  return walkOf(padded, { images, rows, columns }, forwardView(0, conv), [strideHeight, strideWidth]);
}

/** Without groups the taps of a filter row are one run of floats; with groups each tap is one. */
export function walkOf(
  { image, row, pixel }: PaddedImages,
  grid: Pick<Walk, 'images' | 'rows' | 'columns'>,
  { tapRows, tapColumns, channels, outputs, groups }: FilterView,
  [strideHeight, strideWidth]: readonly [number, number],
): Walk {
  const steps = { xImage: image, xRow: strideHeight * row, xColumn: strideWidth * pixel, xTapRow: row };
  const runs =
    groups === 1
      ? { runs: 1, runLength: tapColumns * channels, runStep: 0 }
      : { runs: tapColumns, runLength: channels, runStep: pixel };
  return { ...grid, ...steps, ...runs, tapRows, groups, groupStep: channels * FLOAT, outputs };
}

export function denseTarget({ outHeight, outWidth, outChannels }: ConvInfo): Target {
  const yColumn = outChannels * FLOAT;
  return { yImage: outHeight * outWidth * yColumn, yRow: outWidth * yColumn, yColumn };
}

/** One long row of pixels if the rows and images lie one after the other, as in every 1 × 1 convolution of stride 1. */
export function flatten(walk: Walk, target: Target): [Walk, Target] {
  const { images, rows, columns } = walk;
  const isFlat = (image: number, row: number, column: number) =>
    row === columns * column && image === rows * columns * column;
  const canFlatten =
    isFlat(walk.xImage, walk.xRow, walk.xColumn) && isFlat(target.yImage, target.yRow, target.yColumn);
  return canFlatten
    ? [{ ...walk, images: 1, rows: 1, columns: images * rows * columns }, target]
    : [walk, target];
}
