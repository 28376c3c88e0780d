import {
  BatchMatMul,
  type BatchMatMulAttrs,
  type KernelConfig,
  ResizeBilinearGrad,
  ResizeNearestNeighborGrad,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { bilinearReads, type Corners, nearestReads, type Reads } from '../cpu/resize-gradients.ts';
import { disposeScratch, floatKernel, stockKernel } from './gpu-kernel.ts';
import type { GpuBackend } from './gpu-program.ts';

type Inputs = { images: TensorInfo; dy: TensorInfo };

/** [input, output]: how much of each place of the input went into each place of the output. */
function weightsOf(backend: GpuBackend, input: number, reads: Reads): TensorInfo {
  const weights = new Float32Array(input * reads.length);
  for (const [output, places] of reads.entries())
    for (const [place, weight] of places) {
      const at = place * reads.length + output;
      weights[at] = (weights[at] ?? 0) + weight;
    }
  return backend.makeTensorInfo([1, input, reads.length], 'float32', weights);
}

/**
 * The gradients of enlarging pictures as two products with small matrices, along the rows and along the columns. They
 * read the places that the CPU backend computes, so both agree on each.
 */
export function resizeGradientConfigs(): KernelConfig[] {
  const multiply = stockKernel<{ a: TensorInfo; b: TensorInfo }, BatchMatMulAttrs>(BatchMatMul);
  const product = (backend: GpuBackend, a: TensorInfo, b: TensorInfo): TensorInfo => {
    const result = multiply(backend, { a, b }, { transposeA: false, transposeB: false });
    disposeScratch(backend, a);
    return result;
  };
  const gradientBy = (name: string, reads: typeof nearestReads) =>
    floatKernel<Inputs, Corners>(name, ({ inputs: { images, dy }, attrs, backend }) => {
      const [n = 0, h = 0, w = 0, c = 0] = images.shape;
      const [, outHeight = 0, outWidth = 0] = dy.shape;
      const rows = weightsOf(backend, h, reads(h, outHeight, attrs));
      const columns = weightsOf(backend, w, reads(w, outWidth, attrs));
      const byRow = product(backend, rows, { ...dy, shape: [n, outHeight, outWidth * c] });
      const dx = product(backend, columns, { ...byRow, shape: [n * h, outWidth, c] });
      disposeScratch(backend, byRow);
      return { ...dx, shape: images.shape };
    });
  return [gradientBy(ResizeNearestNeighborGrad, nearestReads), gradientBy(ResizeBilinearGrad, bilinearReads)];
}
