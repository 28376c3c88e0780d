import type { MaxPoolGradAttrs, MaxPoolGradInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { MaxPoolGrad } from '@tensorflow/tfjs-core';
import { type ConvInfo, poolInfoOf } from './conv-info.ts';
import { addressOf, simdOn, windowSizes } from './simd-calls.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { heapFloats, wasmKernel } from './wasm-kernel.ts';

/** Each output's gradient goes to the first maximum of its window, row by row, as on the CPU backend. */
function maxPoolGrad({
  inputs: { dy, input, output },
  attrs,
  backend,
}: WasmKernelArgs<MaxPoolGradInputs, MaxPoolGradAttrs>): TensorInfo {
  const info = poolInfoOf(input.shape, attrs);
  const dx = backend.makeOutput(input.shape, 'float32');
  const simd = simdOn(backend);
  if (simd) {
    const addresses = [input, output, dy, dx].map(tensor => addressOf(simd, tensor));
    simd.kernels.run('maxPoolGradient', info.batchSize, [...addresses, ...windowSizes(info)]);
    return dx;
  }
  const heap = (tensor: TensorInfo) => heapFloats(backend, tensor);
  scatterToMaxima(heap(input), heap(output), heap(dy), info, heap(dx).fill(0));
  return dx;
}

/**
 * For engines without our SIMD module. It finds each window's maximum again: the cell that is equal to the forward
 * pass's output. It does so with integer masks and no branch. The place of a maximum is as good as random, and one
 * mispredicted branch for each window took most of the time. `isOpen` is 1 until a maximum is found, so that only the
 * first one counts. A NaN equals nothing, so `isOpen` stays 1 and the window's gradient is dropped. It is one loop
 * nest without functions, because the innermost body runs for every cell that a window covers.
 */
function scatterToMaxima(
  x: Float32Array,
  y: Float32Array,
  dy: Float32Array,
  info: ConvInfo,
  dx: Float32Array,
): void {
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
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
          const max = y[out] as number;
          let argmax = 0;
          let isOpen = 1;
          for (let row = rowStart; row < rowEnd; row++) {
            const rowFrom = image + row * inWidth * channels + c;
            for (let column = columnStart; column < columnEnd; column++) {
              const from = rowFrom + column * channels;
              const isFirst = isOpen & Number((x[from] as number) === max);
              isOpen ^= isFirst;
              argmax |= -isFirst & from;
            }
          }
          if (isOpen === 0) dx[argmax] = (dx[argmax] as number) + (dy[out] as number);
        }
      }
    }
  }
}

export const maxPoolGradConfig = wasmKernel(MaxPoolGrad, maxPoolGrad);
