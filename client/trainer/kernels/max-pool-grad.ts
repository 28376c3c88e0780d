import type { MaxPoolGradAttrs, MaxPoolGradInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { MaxPoolGrad } from '@tensorflow/tfjs-core';
import { type ConvInfo, poolInfoOf } from './conv-info.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, wasmKernel } from './wasm-kernel.ts';

/** Each output's gradient goes to the first maximum of its window, row by row, as on the CPU backend. */
function maxPoolGrad({
  inputs: { dy, input },
  attrs,
  backend,
}: WasmKernelArgs<MaxPoolGradInputs, MaxPoolGradAttrs>): TensorInfo {
  const info = poolInfoOf(input.shape, attrs);
  const dx = backend.makeOutput(input.shape, 'float32');
  scatterToMaxima(heapFloats(backend, input), heapFloats(backend, dy), info, heapFloats(backend, dx));
  return dx;
}

/** One loop nest rather than functions: the innermost body runs for every input cell a window covers. */
function scatterToMaxima(x: Float32Array, dy: Float32Array, info: ConvInfo, dx: Float32Array): void {
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
  dx.fill(0);
  let out = 0;
  for (let n = 0; n < info.batchSize; n++) {
    const image = n * inHeight * inWidth * channels;
    for (let oh = 0; oh < outHeight; oh++) {
      const ih = oh * info.strideHeight - info.padInfo.top;
      const rowStart = Math.max(0, ih);
      const rowEnd = Math.min(inHeight, ih + info.effectiveFilterHeight);
      for (let ow = 0; ow < outWidth; ow++) {
        const iw = ow * info.strideWidth - info.padInfo.left;
        const columnStart = Math.max(0, iw);
        const columnEnd = Math.min(inWidth, iw + info.effectiveFilterWidth);
        for (let c = 0; c < channels; c++, out++) {
          let max = Number.NEGATIVE_INFINITY;
          let argmax = -1;
          for (let row = rowStart; row < rowEnd; row++) {
            const rowFrom = image + row * inWidth * channels + c;
            for (let column = columnStart; column < columnEnd; column++) {
              const from = rowFrom + column * channels;
              const value = x[from] as number;
              if (value > max) {
                max = value;
                argmax = from;
              }
            }
          }
          // No maximum in a window of NaN: its gradient is dropped, as on the CPU backend.
          if (argmax >= 0) dx[argmax] = (dx[argmax] as number) + (dy[out] as number);
        }
      }
    }
  }
}

export const maxPoolGradConfig = wasmKernel(MaxPoolGrad, maxPoolGrad);
