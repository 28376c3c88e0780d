import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel } from '@tensorflow/tfjs-core';
import { elementwise, runElementwise } from './elementwise.ts';
import { type GpuBackend, type GpuProgram, makeTensor, storedType } from './gpu-program.ts';

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

/** A kernel whose inputs are all floats, in their buffers too. */
export function floatKernel<Inputs, Attrs>(
  kernelName: string,
  kernelFunc: (args: GpuKernelArgs<Inputs, Attrs>) => TensorInfo | TensorInfo[],
): KernelConfig {
  return gpuKernel<Inputs, Attrs>(kernelName, ({ inputs, attrs, backend }) => {
    const entries = Object.entries(inputs) as [string, TensorInfo][];
    return withFloats(
      backend,
      entries.map(([, tensor]) => tensor),
      floats => {
        const converted = Object.fromEntries(entries.map(([name], i) => [name, floats[i]]));
        return kernelFunc({ inputs: converted as unknown as typeof inputs, attrs, backend });
      },
    );
  });
}

const convert: GpuProgram = {
  ...elementwise('floatsOfWholeNumbers', ['x'], ['y'], 'y[i] = f32(x[i]);'),
  inputType: 'i32',
};

/** Runs `use` with the tensors as they are; a tensor is converted if its buffer holds whole numbers. */
export function withFloats<T>(
  backend: GpuBackend,
  tensors: readonly TensorInfo[],
  use: (floats: readonly TensorInfo[]) => T,
): T {
  const scratch: TensorInfo[] = [];
  const floats = tensors.map(tensor => {
    if (storedType(backend, tensor) === 'f32') return tensor;
    const converted = makeTensor(backend, tensor.shape);
    runElementwise(backend, convert, [tensor], [converted]);
    scratch.push(converted);
    return converted;
  });
  const result = use(floats);
  disposeScratch(backend, ...scratch);
  return result;
}

/** The kernel of one output that is registered now, so that an override can still call the one that it replaces. */
export function stockKernel<Inputs extends Readonly<Record<string, TensorInfo>>, Attrs>(kernelName: string) {
  const { kernelFunc } = getKernel(kernelName, 'webgpu');
  return (backend: GpuBackend, inputs: Inputs, attrs: Attrs): TensorInfo => {
    const outputs = kernelFunc({ inputs: { ...inputs }, backend, attrs: attrs as unknown as NamedAttrMap });
    const [output] = Array.isArray(outputs) ? outputs : [outputs];
    if (!output) throw new Error(`kernel ${kernelName} returned no tensor`);
    return output;
  };
}

/** Frees tensors that were made on the way to a result. */
export function disposeScratch(backend: GpuBackend, ...tensors: readonly TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}
