import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type SimdKernels, simdKernels } from '../../simd/simd-module.ts';
import type { ConvInfo } from './conv-info.ts';

/** Bytes of a float32. */
export const FLOAT = 4;
/** Output pixels that `convolve` takes at a time, and output channels of a panel of packed weights. */
const PIXELS = 4;
const PANEL = 8;

/** The module, and the backend on whose heap it works. */
export interface Simd {
  readonly kernels: SimdKernels;
  readonly backend: BackendWasm;
}

/** Our kernels for this backend's tensors; null if the module is not running. */
export function simdOn(backend: BackendWasm): Simd | null {
  const kernels = simdKernels();
  return kernels && { kernels, backend };
}

/** The tensor's place on the heap, in bytes. */
export const addressOf = ({ backend }: Simd, { dataId }: TensorInfo): number =>
  backend.getMemoryOffset(dataId as Parameters<BackendWasm['getMemoryOffset']>[0]);

/**
 * Where a convolution without edges reads and writes; all steps are in bytes. Pixel (n, row, column) of the grid
 * reads `runs` runs of `runLength` floats for each of its tap rows.
 */
export interface Walk {
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly xImage: number;
  readonly xRow: number;
  readonly xColumn: number;
  readonly xTapRow: number;
  readonly tapRows: number;
  readonly runs: number;
  readonly runStep: number;
  readonly runLength: number;
  readonly groups: number;
  /** Input channels of a group, in bytes. */
  readonly groupStep: number;
  /** Output channels of a group. */
  readonly outputs: number;
}

/** Steps of a convolution's output, in bytes. */
export interface Target {
  readonly yImage: number;
  readonly yRow: number;
  readonly yColumn: number;
}

/** The rows of a matrix [rows, depth], to be multiplied by weights [depth, outputs]. */
export function matrixWalk(rows: number, depth: number, outputs: number): Walk {
  return {
    ...{ images: 1, rows: 1, columns: rows, xImage: 0, xRow: 0, xColumn: depth * FLOAT, xTapRow: 0 },
    ...{ tapRows: 1, runs: 1, runStep: 0, runLength: depth, groups: 1, groupStep: 0, outputs },
  };
}

interface ConvolveCall {
  readonly x: number;
  readonly weights: number;
  /** Address of one float for each output channel, or 0. */
  readonly bias: number;
  readonly y: number;
  readonly isRelu: boolean;
}

export function convolve(simd: Simd, call: ConvolveCall, walk: Walk, target: Target): void {
  const { kernels } = simd;
  if (walk.outputs === 4 && hasFours(walk) && walk.columns >= 6 && !call.bias && !call.isRelu) {
    convolveGroups(simd, call, walk, target);
    return;
  }
  const pixels = walk.images * walk.rows * walk.columns;
  kernels.run('convolve', Math.ceil(pixels / PIXELS), [
    ...[call.x, call.weights, call.bias, call.y, Number(call.isRelu)],
    ...[pixels, walk.rows, walk.columns, walk.xImage, walk.xRow, walk.xColumn, walk.xTapRow],
    ...[walk.tapRows, walk.runs, walk.runStep, walk.runLength],
    ...[target.yImage, target.yRow, target.yColumn, walk.groups, walk.groupStep, walk.outputs],
  ]);
}

/** Whether it is in groups whose channels come in fours. */
const hasFours = ({ groups, runLength, outputs }: Walk): boolean =>
  groups > 1 && runLength % 4 === 0 && outputs % 4 === 0;

function convolveGroups({ kernels }: Simd, call: ConvolveCall, walk: Walk, target: Target): void {
  kernels.run('groupedConvolve', walk.images * walk.rows, [
    ...[call.x, call.weights, call.y, walk.rows, walk.columns],
    ...[walk.xImage, walk.xRow, walk.xColumn, walk.xTapRow, walk.tapRows, walk.runs, walk.runStep],
    ...[walk.runLength, target.yImage, target.yRow, target.yColumn, walk.groups],
  ]);
}

/** How both sides of a filter's gradient lie, except for the images' own steps; in bytes. */
export interface GradientLayout {
  /** Between blocks of four inputs. */
  readonly blockStep: number;
  /** Between dy's pixels, and between its blocks of eight channels. */
  readonly dyPixel: number;
  readonly panelStep: number;
  /** Pixels whose inputs and gradients are read again and again while they lie in the second-level cache. */
  readonly chunk: number;
}

/** Bytes that are to lie in the second-level cache at a time. */
const CACHED = 128 * 1024;
/** The fewest pixels of a chunk: with fewer, moving the sums costs more. */
const MIN_CHUNK = 128;

/** Both sides as they are: a pixel's channels side by side. */
export const plainLayout = (inChannels: number, outChannels: number): GradientLayout => ({
  blockStep: 4 * FLOAT,
  dyPixel: outChannels * FLOAT,
  panelStep: PANEL * FLOAT,
  chunk: Math.max(MIN_CHUNK, Math.floor(CACHED / ((inChannels + outChannels) * FLOAT))),
});

interface GradientAddresses {
  readonly x: number;
  readonly dy: number;
  readonly dw: number;
}

/**
 * dw [tapRows, runs, runLength, groups * outputs] from x, walked as above, and dy, one row of channels for each
 * pixel.
 */
export function filterGradient(
  simd: Simd,
  at: GradientAddresses,
  walk: Walk,
  { blockStep, dyPixel, panelStep, chunk }: GradientLayout,
): void {
  if (walk.outputs === 4 && walk.runLength === 4 && hasFours(walk) && walk.runs === 3) {
    groupedFilterGradient(simd, at, walk);
    return;
  }
  const { kernels } = simd;
  const { x, dy, dw } = at;
  const { tapRows, runs, runLength, groups, outputs } = walk;
  const items = tapRows * runs * Math.ceil(runLength / 4) * groups * Math.ceil(outputs / PANEL);
  kernels.run('filterGradient', items, [
    ...[x, dy, dw, walk.images, walk.rows, walk.columns, chunk],
    ...[walk.xImage, walk.xRow, walk.xColumn, walk.xTapRow, runs, walk.runStep, runLength, blockStep],
    ...[dyPixel, panelStep, groups, walk.groupStep, outputs],
  ]);
}

/** Bytes of both sides that stay in the nearest cache. */
export const NEAREST = 24 * 1024;

function groupedFilterGradient({ kernels }: Simd, { x, dy, dw }: GradientAddresses, walk: Walk): void {
  const { images, rows, columns, tapRows, groups, runLength, outputs } = walk;
  const bytesOfRow = columns * groups * (runLength + outputs) * FLOAT;
  const chunkRows = Math.max(1, Math.floor(NEAREST / bytesOfRow));
  kernels.run('groupedFilterGradient', (tapRows * groups * runLength * outputs) / 16, [
    ...[x, dy, dw, images, rows, columns, chunkRows, walk.xImage, walk.xRow, walk.xColumn],
    ...[walk.xTapRow, walk.runStep, runLength, groups, outputs],
  ]);
}

/** A filter as `packWeights` reads it, with steps in floats; negative steps turn it around. */
export interface FilterView {
  /** Address of the first tap's first weight. */
  readonly start: number;
  readonly tapRows: number;
  readonly tapColumns: number;
  readonly channels: number;
  readonly outputs: number;
  readonly groups: number;
  readonly tapRowStep: number;
  readonly tapColumnStep: number;
  readonly channelStep: number;
  readonly outputStep: number;
  readonly groupStep: number;
}

/** Floats of the packed filter: each group's outputs are filled up to a multiple of four. */
export function packedSize({ tapRows, tapColumns, channels, outputs, groups }: FilterView): number {
  return groups * tapRows * tapColumns * channels * Math.ceil(outputs / 4) * 4;
}

export function packWeights({ kernels }: Simd, filter: FilterView, target: number): void {
  const steps = [filter.tapRowStep, filter.tapColumnStep, filter.channelStep, filter.outputStep];
  kernels.run('packWeights', filter.groups * Math.ceil(filter.outputs / PANEL), [
    ...[filter.start, target, filter.tapRows, filter.tapColumns, filter.channels, filter.outputs],
    ...[...steps, filter.groupStep].map(step => step * FLOAT),
  ]);
}

/** Sizes of an image, its output, the windows and their padding, as pooling and depthwise gradients take them. */
export function windowSizes(info: ConvInfo): number[] {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, padInfo } = info;
  return [
    ...[inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth],
    ...[strideHeight, strideWidth, padInfo.top, padInfo.left],
  ];
}

/** Work items of a kernel that goes over `count` floats one by one. */
export const elementBlocks = (count: number): number => Math.ceil(count / 1024);
