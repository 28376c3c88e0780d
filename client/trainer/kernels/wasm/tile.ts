import type { TensorInfo, TileAttrs, TileInputs } from '@tensorflow/tfjs-core';
import { Tile, util } from '@tensorflow/tfjs-core';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, stockKernel, wasmKernel } from './wasm-kernel.ts';

const stockTile = stockKernel<TileInputs, TileAttrs>(Tile);

/**
 * Repeats x along every axis, block by block. The stock kernel computes each element's index again: a batch norm's
 * gradient, which tiles one row of channels to a whole batch, spent a third of the step there.
 */
export function tile({ inputs: { x }, attrs, backend }: WasmKernelArgs<TileInputs, TileAttrs>): TensorInfo {
  const isEmpty = attrs.reps.includes(0);
  if (x.dtype !== 'float32' || isEmpty) return stockTile(backend, { x }, attrs);
  const out = backend.makeOutput(
    x.shape.map((size, axis) => size * repeatsOf(attrs, axis)),
    'float32',
  );
  tileAxis(heapFloats(backend, x), 0, x.shape, attrs, 0, heapFloats(backend, out), 0);
  return out;
}

function repeatsOf({ reps }: TileAttrs, axis: number): number {
  return reps[axis] ?? 1;
}

/**
 * Writes the block of x at `from` to `to`, tiled along `axis` and all axes behind it; returns the position after it.
 */
function tileAxis(
  x: Float32Array,
  from: number,
  shape: readonly number[],
  attrs: TileAttrs,
  axis: number,
  out: Float32Array,
  to: number,
): number {
  const blockSize = util.sizeFromShape(shape.slice(axis));
  const isUntiled = attrs.reps.slice(axis).every(count => count === 1);
  if (isUntiled) {
    out.set(x.subarray(from, from + blockSize), to);
    return to + blockSize;
  }
  const size = shape[axis] ?? 1;
  let end = to;
  for (let i = 0; i < size; i++) {
    end = tileAxis(x, from + (i * blockSize) / size, shape, attrs, axis + 1, out, end);
  }
  return repeatBlock(out, to, end, repeatsOf(attrs, axis));
}

/** Follows out[from .. end) with copies of itself until it is there `count` times, doubling each time. */
function repeatBlock(out: Float32Array, from: number, end: number, count: number): number {
  const last = from + (end - from) * count;
  for (let filled = end; filled < last; filled += filled - from) {
    out.copyWithin(filled, from, Math.min(filled, from + last - filled));
  }
  return last;
}

export const tileConfig = wasmKernel(Tile, tile);
