import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * The border to tfjs's kernel registry and to the values of its CPU backend: every cast that these kernels need is
 * here.
 */
export interface CpuKernelArgs<Inputs, Attrs> {
  /** tfjs types every input as possibly missing, for the few kernels with optional ones; ours have none. */
  readonly inputs: { readonly [Name in keyof Inputs]-?: NonNullable<Inputs[Name]> };
  readonly attrs: Readonly<Attrs>;
  readonly backend: MathBackendCPU;
}

/** Registers a kernel for the backend `cpu`: plain and slow loops, against which the other backends are checked. */
export function cpuKernel<Inputs, Attrs>(
  kernelName: string,
  kernelFunc: (args: CpuKernelArgs<Inputs, Attrs>) => TensorInfo | TensorInfo[],
): KernelConfig {
  return { kernelName, backendName: 'cpu', kernelFunc: kernelFunc as unknown as KernelFunc };
}

/** A tensor's own values, no copy. */
export const valuesOf = (backend: MathBackendCPU, tensor: TensorInfo): Float32Array =>
  backend.data.get(tensor.dataId).values as Float32Array;

export const makeTensor = (
  backend: MathBackendCPU,
  shape: readonly number[],
  values: Float32Array,
): TensorInfo => backend.makeTensorInfo([...shape], 'float32', values);
