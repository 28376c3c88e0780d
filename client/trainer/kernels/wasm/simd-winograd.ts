import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvInfo } from './conv-info.ts';
import { addressOf, type FilterView, FLOAT, type Simd } from './simd-calls.ts';
import { type PaddedImages, type Padding, withPadded, zerosAfter } from './simd-padding.ts';
import { withScratch } from './wasm-kernel.ts';

/** Positions of a transformed tile of 4 × 4, and outputs of a tile along one axis. */
const POSITIONS = 16;
const OUTPUTS = 2;
/** Cells of a tile along one axis beyond its outputs. */
const OVERLAP = 2;
/** Bytes that a plane of four channels, and a position, has more than its data; see `planeBytes`. */
const SKEW = 64;
/** Work items of a convolution: enough for many threads, and each has scratch of its own. */
const ITEMS = 32;
/** Bytes of transformed tiles that stay in the second-level cache. */
const CACHED = 128 * 1024;

/**
 * Whether Winograd's tiles take fewer products than the filter's nine taps, and channels come in fours. A side of one
 * cell would use half a tile.
 */
export const hasTiles = ({ info, groups }: { readonly info: ConvInfo; readonly groups: number }): boolean =>
  groups === 1 &&
  isThreeByThree(info) &&
  info.inChannels % 4 === 0 &&
  info.outChannels % 4 === 0 &&
  Math.min(info.inHeight, info.inWidth, info.outHeight, info.outWidth) > 1;

/** With the padding of a layer: with more before an image, its gradient would begin behind the output's first cell. */
const isThreeByThree = ({
  filterHeight,
  filterWidth,
  strideHeight,
  strideWidth,
  padInfo,
}: ConvInfo): boolean =>
  filterHeight === 3 &&
  filterWidth === 3 &&
  strideHeight === 1 &&
  strideWidth === 1 &&
  Math.max(padInfo.top, padInfo.left) <= OVERLAP;

/** A batch of images seen as tiles, two cells apart. */
interface Tiles {
  readonly rows: number;
  readonly columns: number;
  /** Of the whole batch. */
  readonly count: number;
}

function tilesOf(images: number, height: number, width: number): Tiles {
  const [rows, columns] = [Math.ceil(height / OUTPUTS), Math.ceil(width / OUTPUTS)];
  return { rows, columns, count: images * rows * columns };
}

/** Zeros around images of `height` × `width`, so that all tiles lie inside. */
const tilePadding = (
  { rows, columns }: Tiles,
  [height, width]: readonly [number, number],
  [top, left]: readonly [number, number],
  overlap = OVERLAP,
): Padding => ({
  top,
  left,
  bottom: zerosAfter(rows * OUTPUTS + overlap, top, height),
  right: zerosAfter(columns * OUTPUTS + overlap, left, width),
});

/** A convolution of stride 1 as the tiles take it; the input gradient is one too. */
interface TiledConv {
  readonly x: TensorInfo;
  readonly view: FilterView;
  readonly bias: TensorInfo | null;
  readonly isRelu: boolean;
  readonly top: number;
  readonly left: number;
  readonly outShape: [number, number, number, number];
}

/** y [n, h, w, outputs] of a 3 × 3 filter. */
export function tiledConv2d(simd: Simd, conv: TiledConv): TensorInfo {
  const { x, view, top, left, outShape } = conv;
  const [images, height, width] = outShape;
  const y = simd.backend.makeOutput(outShape, 'float32');
  const tiles = tilesOf(images, height, width);
  const padding = tilePadding(tiles, [x.shape[1] ?? 0, x.shape[2] ?? 0], [top, left]);
  const { channels, outputs } = view;
  withPadded(simd, x, padding, padded =>
    withScratch(simd.backend, [POSITIONS * channels * outputs], packed => {
      packTransformed(simd, view, addressOf(simd, packed));
      multiplyTiles(simd, conv, tiles, padded, addressOf(simd, packed), y);
    }),
  );
  return y;
}

function packTransformed({ kernels }: Simd, view: FilterView, target: number): void {
  const steps = [view.tapRowStep, view.tapColumnStep, view.channelStep, view.outputStep];
  kernels.run('winogradFilter', view.outputs / 4, [
    ...[view.start, target, view.channels, view.outputs],
    ...steps.map(step => step * FLOAT),
  ]);
}

function multiplyTiles(
  simd: Simd,
  { view, bias, isRelu, outShape }: TiledConv,
  tiles: Tiles,
  { start, image, row }: PaddedImages,
  weights: number,
  y: TensorInfo,
): void {
  const { channels, outputs } = view;
  const block = blockOf(POSITIONS * (channels + outputs), 16);
  const itemTiles = Math.max(16, Math.ceil(tiles.count / ITEMS / 4) * 4);
  const items = Math.ceil(tiles.count / itemTiles);
  const slot = POSITIONS * bytesOfPosition(block, channels + outputs);
  withScratch(simd.backend, [(items * slot) / FLOAT], scratch => {
    simd.kernels.run('winogradConvolve', items, [
      ...[start, weights, bias ? addressOf(simd, bias) : 0, addressOf(simd, y), Number(isRelu)],
      ...[tiles.count, tiles.rows, tiles.columns, image, row, channels],
      ...[outShape[1], outShape[2], outputs, block, itemTiles, addressOf(simd, scratch), slot],
    ]);
  });
}

/** Bytes of one position of both sides, which have so many channels together. */
export const bytesOfPosition = (block: number, channels: number): number =>
  (channels / 4) * (block * 4 * FLOAT + SKEW) + 2 * SKEW;

/** Tiles that are transformed at a time: a multiple of four. */
export const blockOf = (floatsOfTile: number, least: number): number =>
  Math.max(least, Math.floor(CACHED / (floatsOfTile * FLOAT) / 4) * 4);

/** dW [3, 3, C, Co]. */
export function tiledFilterGradient(simd: Simd, x: TensorInfo, dy: TensorInfo, info: ConvInfo): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  const dw = simd.backend.makeOutput([3, 3, inChannels, outChannels], 'float32');
  const tiles = tilesOf(batchSize, outHeight, outWidth);
  const size = inChannels * outChannels;
  const xPadding = tilePadding(tiles, [inHeight, inWidth], [padInfo.top, padInfo.left]);
  const dyPadding = tilePadding(tiles, [outHeight, outWidth], [0, 0], 0);
  withPadded(simd, x, xPadding, ofX =>
    withPadded(simd, dy, dyPadding, ofDy =>
      withScratch(simd.backend, [POSITIONS * size], sums => {
        sumTiles(simd, info, tiles, ofX, ofDy, addressOf(simd, sums));
        const ends = [addressOf(simd, sums), addressOf(simd, dw), size];
        simd.kernels.run('winogradFilterEnd', size / 4, ends);
      }),
    ),
  );
  return dw;
}

function sumTiles(
  simd: Simd,
  { inChannels, outChannels }: ConvInfo,
  tiles: Tiles,
  x: PaddedImages,
  dy: PaddedImages,
  sums: number,
): void {
  const block = blockOf(4 * (inChannels + outChannels), 64);
  const slot = 4 * bytesOfPosition(block, inChannels + outChannels);
  withScratch(simd.backend, [(POSITIONS * slot) / FLOAT], scratch => {
    simd.kernels.run('winogradGradient', POSITIONS, [
      ...[x.start, dy.start, sums, tiles.count, tiles.rows, tiles.columns, x.image, x.row, inChannels],
      ...[dy.image, dy.row, outChannels, block, addressOf(simd, scratch), slot],
    ]);
  });
}
