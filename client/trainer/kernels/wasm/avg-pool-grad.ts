import type { AvgPoolGradAttrs, AvgPoolGradInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { AvgPoolGrad } from '@tensorflow/tfjs-core';
import { wholeWindow } from '../cpu/avg-pool-grad.ts';
import { type ConvInfo, poolInfoOf } from './conv-info.ts';
import { addressOf, simdOn, windowSizes } from './simd-calls.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, wasmKernel } from './wasm-kernel.ts';

/**
 * Spreads each output's gradient evenly over those cells of its window that lie inside the image, as the forward pass
 * divides by them.
 */
function avgPoolGrad({
  inputs: { dy, input },
  attrs,
  backend,
}: WasmKernelArgs<AvgPoolGradInputs, AvgPoolGradAttrs>): TensorInfo {
  const info = poolInfoOf(input.shape, attrs);
  const dx = backend.makeOutput(input.shape, 'float32');
  const simd = simdOn(backend);
  if (simd) {
    const args = [addressOf(simd, dy), addressOf(simd, dx), wholeWindow(info), ...windowSizes(info)];
    simd.kernels.run('averagePoolGradient', info.batchSize, args);
  } else spreadOverWindows(heapFloats(backend, dy), info, heapFloats(backend, dx));
  return dx;
}

function spreadOverWindows(dy: Float32Array, info: ConvInfo, dx: Float32Array): void {
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
  const whole = wholeWindow(info);
  dx.fill(0);
  for (let n = 0; n < info.batchSize; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const ih = oh * info.strideHeight - info.padInfo.top;
      const [rowStart, rowEnd] = [Math.max(0, ih), Math.min(inHeight, ih + info.effectiveFilterHeight)];
      for (let ow = 0; ow < outWidth; ow++) {
        const iw = ow * info.strideWidth - info.padInfo.left;
        const columnEnd = Math.min(inWidth, iw + info.effectiveFilterWidth);
        const columnStart = Math.max(0, iw);
        const share = 1 / (whole || (rowEnd - rowStart) * (columnEnd - columnStart));
        const from = ((n * outHeight + oh) * outWidth + ow) * channels;
        for (let row = rowStart; row < rowEnd; row++) {
          for (let column = columnStart; column < columnEnd; column++) {
            const to = ((n * inHeight + row) * inWidth + column) * channels;
            for (let c = 0; c < channels; c++) {
              dx[to + c] = (dx[to + c] as number) + share * (dy[from + c] as number);
            }
          }
        }
      }
    }
  }
}

export const avgPoolGradConfig = wasmKernel(AvgPoolGrad, avgPoolGrad);
