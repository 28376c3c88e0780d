import type { TensorInfo, UnsortedSegmentSumAttrs, UnsortedSegmentSumInputs } from '@tensorflow/tfjs-core';
import { UnsortedSegmentSum, util } from '@tensorflow/tfjs-core';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, wasmKernel } from './wasm-kernel.ts';

/**
 * Adds row i of x [rows, ...] to row segmentIds[i] of the output [numSegments, ...]: the gradient of gather. Rows
 * with an id outside 0 .. numSegments - 1 are left out, as on the CPU backend.
 */
function unsortedSegmentSum({
  inputs: { x, segmentIds },
  attrs: { numSegments },
  backend,
}: WasmKernelArgs<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>): TensorInfo {
  util.assert(
    segmentIds.shape.length === 1 && segmentIds.shape[0] === x.shape[0],
    () =>
      `unsortedSegmentSum: segmentIds of shape [${segmentIds.shape}] must name one segment a row of x [${x.shape}]`,
  );
  const rowShape = x.shape.slice(1);
  const sums = backend.makeOutput([numSegments, ...rowShape], 'float32');
  const target = heapFloats(backend, sums).fill(0);
  const source = backend.typedArrayFromHeap(x);
  const rowSize = util.sizeFromShape(rowShape);
  for (const [row, segment] of backend.typedArrayFromHeap(segmentIds).entries()) {
    if (segment < 0 || segment >= numSegments) continue;
    const from = row * rowSize;
    const to = segment * rowSize;
    for (let i = 0; i < rowSize; i++)
      target[to + i] = (target[to + i] as number) + (source[from + i] as number);
  }
  return sums;
}

export const unsortedSegmentSumConfig = wasmKernel(UnsortedSegmentSum, unsortedSegmentSum);
