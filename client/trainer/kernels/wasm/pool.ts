import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  AvgPool,
  type AvgPoolAttrs,
  type AvgPoolInputs,
  MaxPool,
  type MaxPoolAttrs,
  type MaxPoolInputs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type ConvInfo, poolInfoOf } from './conv-info.ts';
import { addressOf, simdOn, windowSizes } from './simd-calls.ts';
import { heapFloats, type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

/**
 * Pooling that keeps NaN. The stock kernels, on XNNPACK, leave NaN out of a maximum and make −∞ of a mean with NaN in
 * it, so a run that diverges would go on unseen.
 */
const maxPool = ({
  inputs: { x },
  attrs,
  backend,
}: WasmKernelArgs<MaxPoolInputs, MaxPoolAttrs>): TensorInfo =>
  pool(backend, x, poolInfoOf(x.shape, attrs), 'maxPool');

const avgPool = ({
  inputs: { x },
  attrs,
  backend,
}: WasmKernelArgs<AvgPoolInputs, AvgPoolAttrs>): TensorInfo =>
  pool(backend, x, poolInfoOf(x.shape, attrs), 'averagePool');

function pool(
  backend: BackendWasm,
  x: TensorInfo,
  info: ConvInfo,
  kind: 'maxPool' | 'averagePool',
): TensorInfo {
  const y = backend.makeOutput(info.outShape, 'float32');
  const simd = simdOn(backend);
  if (simd) {
    const args = [addressOf(simd, x), addressOf(simd, y), ...windowSizes(info)];
    simd.kernels.run(kind, info.batchSize * info.outHeight, args);
  } else poolWindows(heapFloats(backend, x), info, kind === 'maxPool', heapFloats(backend, y));
  return y;
}

/** For engines without our SIMD module; one loop nest, because the innermost body runs for every cell of a window. */
function poolWindows(x: Float32Array, info: ConvInfo, isMax: boolean, y: Float32Array): void {
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
  let out = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const ih = oh * info.strideHeight - info.padInfo.top;
      const [rowStart, rowEnd] = [Math.max(0, ih), Math.min(inHeight, ih + info.filterHeight)];
      for (let ow = 0; ow < outWidth; ow++) {
        const iw = ow * info.strideWidth - info.padInfo.left;
        const [columnStart, columnEnd] = [Math.max(0, iw), Math.min(inWidth, iw + info.filterWidth)];
        const cells = isMax ? 1 : (rowEnd - rowStart) * (columnEnd - columnStart);
        for (let c = 0; c < channels; c++, out++) {
          let pooled = isMax ? Number.NEGATIVE_INFINITY : 0;
          for (let row = rowStart; row < rowEnd; row++) {
            let from = ((n * inHeight + row) * inWidth + columnStart) * channels + c;
            for (let column = columnStart; column < columnEnd; column++, from += channels)
              pooled = isMax ? Math.max(pooled, x[from] as number) : pooled + (x[from] as number);
          }
          y[out] = pooled / cells;
        }
      }
    }
  }
}

export const poolConfigs = [wasmKernel(MaxPool, maxPool), wasmKernel(AvgPool, avgPool)];
