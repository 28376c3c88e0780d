import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  addressOf,
  FLOAT,
  filterGradient,
  type GradientLayout,
  NEAREST,
  plainLayout,
  type Simd,
  type Walk,
} from './simd-calls.ts';
import { denseTarget, flatten, forwardView, type GroupedConv, inputPadding, walkOf } from './simd-conv2d.ts';
import { type PaddedImages, withPadded, withPlanes } from './simd-padding.ts';
import { blockOf, bytesOfPosition, hasTiles, tiledFilterGradient } from './simd-winograd.ts';
import { withScratch } from './wasm-kernel.ts';

/**
 * Planes of a few channels pay if there are many channels (512 bytes between pixels are 64 lines of a cache of 32
 * KiB) and if every value is used often enough to be worth the copy. If they are read straight through, more pixels
 * fit a chunk.
 */
const MANY_CHANNELS = 128;
const MANY_USES = 128;
const PLANES_CHUNK = 256;

/** dW [Kh, Kw, C / groups, Co]. */
export function simdFilterGradient(simd: Simd, x: TensorInfo, dy: TensorInfo, conv: GroupedConv): TensorInfo {
  if (hasTiles(conv)) return tiledFilterGradient(simd, x, dy, conv.info);
  if (isPointwise(conv)) return pointwiseGradient(simd, x, dy, conv);
  const { filterHeight, filterWidth, inChannels, outChannels } = conv.info;
  const shape = [filterHeight, filterWidth, inChannels / conv.groups, outChannels];
  const dw = simd.backend.makeOutput(shape, 'float32');
  withInput(simd, x, conv, (xStart, walk, xLayout) =>
    withGradient(simd, dy, conv, (dyStart, dyLayout) => {
      const layout = { ...dyLayout, ...xLayout, chunk: Math.max(xLayout.chunk, dyLayout.chunk) };
      filterGradient(simd, { x: xStart, dy: dyStart, dw: addressOf(simd, dw) }, walk, layout);
    }),
  );
  return dw;
}

/** A 1 × 1 filter whose channels come in fours. */
const isPointwise = ({ info, groups }: GroupedConv): boolean =>
  groups === 1 &&
  info.filterHeight * info.filterWidth === 1 &&
  info.inChannels % 4 === 0 &&
  info.outChannels % 4 === 0;

/** Work items: enough for a few threads. If there are planes, each lays dy out again. */
const PARTS = 8;
/** Pixels of a block at least: with fewer, moving the sums costs more. */
const FEW = 24;
const LEAST_BLOCK = 64;

function pointwiseGradient(simd: Simd, x: TensorInfo, dy: TensorInfo, conv: GroupedConv): TensorInfo {
  const { inChannels, outChannels } = conv.info;
  const channels = inChannels + outChannels;
  const dw = simd.backend.makeOutput([1, 1, inChannels, outChannels], 'float32');
  const parts = Math.min(PARTS, inChannels / 4);
  withPadded(simd, x, inputPadding(conv.info), padded => {
    const walk = gradientWalk(padded, conv);
    const run = (block: number, scratch: number, slot: number) =>
      simd.kernels.run('pointwiseGradient', parts, [
        ...[padded.start, addressOf(simd, dy), addressOf(simd, dw)],
        ...[walk.images * walk.rows * walk.columns, walk.rows, walk.columns],
        ...[walk.xImage, walk.xRow, walk.xColumn, inChannels, outChannels, block, scratch, slot, parts],
      ]);
    const nearest = Math.floor(NEAREST / (channels * FLOAT));
    if (walk.rows === 1 && walk.images === 1 && nearest >= FEW) return run(nearest, 0, 0);
    const block = blockOf(channels, LEAST_BLOCK);
    const slot = bytesOfPosition(block, channels);
    withScratch(simd.backend, [(parts * slot) / FLOAT], scratch =>
      run(block, addressOf(simd, scratch), slot),
    );
  });
  return dw;
}

const plainOf = ({ info }: GroupedConv): GradientLayout => plainLayout(info.inChannels, info.outChannels);

/** Whether one side is copied into planes; `uses` is how often each of its values is multiplied. */
const hasPlanes = ({ groups }: GroupedConv, channels: number, lanes: number, uses: number): boolean =>
  groups === 1 && channels >= MANY_CHANNELS && channels % lanes === 0 && uses >= MANY_USES;

type InputLayout = Pick<GradientLayout, 'blockStep' | 'chunk'>;

function withInput(
  simd: Simd,
  x: TensorInfo,
  conv: GroupedConv,
  use: (start: number, walk: Walk, layout: InputLayout) => void,
): void {
  const { info } = conv;
  const padding = inputPadding(info);
  const { blockStep, chunk } = plainOf(conv);
  const uses = info.filterHeight * info.filterWidth * info.outChannels;
  if (!hasPlanes(conv, info.inChannels, 4, uses)) {
    withPadded(simd, x, padding, padded => {
      use(padded.start, gradientWalk(padded, conv), { blockStep, chunk });
    });
  } else
    withPlanes(simd, x, padding, 4, (planes, plane) => {
      // A filter row's taps are no longer side by side: each is a run of its own.
      const runs = { runs: info.filterWidth, runStep: planes.pixel, runLength: info.inChannels };
      use(
        planes.start,
        { ...gradientWalk(planes, conv), ...runs },
        { blockStep: plane, chunk: PLANES_CHUNK },
      );
    });
}

function withGradient(
  simd: Simd,
  dy: TensorInfo,
  conv: GroupedConv,
  use: (start: number, layout: GradientLayout) => void,
): void {
  const plain = plainOf(conv);
  const { filterHeight, filterWidth, inChannels, outChannels } = conv.info;
  if (!hasPlanes(conv, outChannels, 8, filterHeight * filterWidth * inChannels))
    use(addressOf(simd, dy), plain);
  else
    withPlanes(simd, dy, { top: 0, left: 0, bottom: 0, right: 0 }, 8, ({ start, pixel }, plane) =>
      use(start, { ...plain, dyPixel: pixel, panelStep: plane, chunk: PLANES_CHUNK }),
    );
}

function gradientWalk(x: PaddedImages, conv: GroupedConv): Walk {
  const { batchSize: images, outHeight: rows, outWidth: columns, strideHeight, strideWidth } = conv.info;
  const strides = [strideHeight, strideWidth] as const;
  const [walk] = flatten(
    walkOf(x, { images, rows, columns }, forwardView(0, conv), strides),
    denseTarget(conv.info),
  );
  return walk;
}
