import {
  Cumprod,
  Cumsum,
  type CumsumAttrs,
  type CumsumInputs,
  type KernelConfig,
  Reverse,
  type ReverseAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { disposeScratch, gpuKernel, stockKernel } from './gpu-kernel.ts';

/**
 * Sums and products from behind are those from the front of what is turned round. The stock shader for them has the
 * first length in it that it was made for, and is used again for other lengths.
 */
function cumulativeConfig(name: typeof Cumsum | typeof Cumprod): KernelConfig {
  const stock = stockKernel<{ x: TensorInfo }, CumsumAttrs>(name);
  const reverse = stockKernel<{ x: TensorInfo }, ReverseAttrs>(Reverse);
  return gpuKernel<CumsumInputs, CumsumAttrs>(name, ({ inputs: { x }, attrs, backend }) => {
    if (!attrs.reverse) return stock(backend, { x }, attrs);
    const dims = [attrs.axis];
    const turned = reverse(backend, { x }, { dims });
    const sums = stock(backend, { x: turned }, { ...attrs, reverse: false });
    const result = reverse(backend, { x: sums }, { dims });
    disposeScratch(backend, turned, sums);
    return result;
  });
}

export const cumulativeConfigs = (): KernelConfig[] => [cumulativeConfig(Cumsum), cumulativeConfig(Cumprod)];
