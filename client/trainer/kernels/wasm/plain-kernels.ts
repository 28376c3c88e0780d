import type { KernelConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { conv3dConfigs } from '../cpu/conv3d.ts';
import { resizeGradientConfigs } from '../cpu/resize-gradients.ts';
import { referenceKernel } from './reference-kernel.ts';
import { single, wasmKernel } from './wasm-kernel.ts';

type Inputs = Readonly<Record<string, TensorInfo>>;

/**
 * Kernels that tfjs's WASM backend has wrong, and that are too rare in training to be written again for speed: the
 * plain ones of the CPU backend, on this backend's tensors.
 */
export const plainConfigs: readonly KernelConfig[] = [conv3dConfigs, resizeGradientConfigs].flatMap(configs =>
  configs.map(({ kernelName }) => {
    const run = referenceKernel(configs, kernelName);
    return wasmKernel<Inputs, NamedAttrMap>(kernelName, ({ inputs, attrs, backend }) =>
      single(run(backend, inputs, attrs)),
    );
  }),
);
