import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel } from '@tensorflow/tfjs-core';
import type { GpuBackend } from './gpu-program.ts';

export interface GpuKernelArgs<Inputs, Attrs> {
  /** tfjs types every input as possibly missing, for the few kernels with optional ones; ours have none. */
  readonly inputs: { readonly [Name in keyof Inputs]-?: NonNullable<Inputs[Name]> };
  readonly attrs: Attrs;
  readonly backend: GpuBackend;
}

export function gpuKernel<Inputs, Attrs>(
  kernelName: string,
  kernelFunc: (args: GpuKernelArgs<Inputs, Attrs>) => TensorInfo | TensorInfo[],
): KernelConfig {
  return { kernelName, backendName: 'webgpu', kernelFunc: kernelFunc as unknown as KernelFunc };
}

/** The kernel registered now, so that an override can still call the one it replaces. */
export function stockKernel<Inputs extends Readonly<Record<string, TensorInfo>>, Attrs>(kernelName: string) {
  const { kernelFunc } = getKernel(kernelName, 'webgpu');
  return (backend: GpuBackend, inputs: Inputs, attrs: Attrs): TensorInfo | TensorInfo[] =>
    kernelFunc({ inputs: { ...inputs }, backend, attrs: attrs as unknown as NamedAttrMap });
}

/** Frees tensors that were made on the way to a result. */
export function disposeScratch(backend: GpuBackend, ...tensors: readonly TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}

/** The same data under another shape, for one call: it takes no reference, so never dispose of it. */
export const viewAs = (tensor: TensorInfo, shape: readonly number[]): TensorInfo => ({
  ...tensor,
  shape: [...shape],
});
