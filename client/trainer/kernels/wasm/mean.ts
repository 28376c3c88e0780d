import type { MeanAttrs, MeanInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { Mean } from '@tensorflow/tfjs-core';
import { asMiddleReduction, reducedShape, sumMiddle } from './sum-axes.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { stockKernel, wasmKernel } from './wasm-kernel.ts';

const stockMean = stockKernel<MeanInputs, MeanAttrs>(Mean);

/** Global average pooling, and the moments of batch normalization. */
function mean({ inputs: { x }, attrs, backend }: WasmKernelArgs<MeanInputs, MeanAttrs>): TensorInfo {
  const reduction = x.dtype === 'float32' ? asMiddleReduction(x.shape, attrs.axis) : undefined;
  if (!reduction) return stockMean(backend, { x }, attrs);
  const means = backend.makeOutput(reducedShape(x.shape, attrs.axis, attrs.keepDims), 'float32');
  sumMiddle(backend, x, reduction, 1 / reduction.reduced, means);
  return means;
}

export const meanConfig = wasmKernel(Mean, mean);
