import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { heapFloats } from './wasm-kernel.ts';

type ReferenceKernel = (
  backend: BackendWasm,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: NamedAttrMap,
) => TensorInfo[];

/**
 * The CPU backend's plain kernel on copies of this backend's tensors: slow and right, for engines on which our module
 * does not run. It asks its backend for only two things, a tensor's values and a new tensor.
 */
export function referenceKernel(configs: readonly KernelConfig[], kernelName: string): ReferenceKernel {
  const kernelFunc = configs.find(config => config.kernelName === kernelName)?.kernelFunc;
  if (!kernelFunc) throw new Error(`there is no reference kernel '${kernelName}'`);
  return (backend, inputs, attrs) => {
    const outputs = kernelFunc({ inputs, attrs, backend: asCpuBackend(backend, Object.values(inputs)) });
    return Array.isArray(outputs) ? outputs : [outputs];
  };
}

function asCpuBackend(
  backend: BackendWasm,
  inputs: readonly TensorInfo[],
): Parameters<KernelFunc>[0]['backend'] {
  const tensors = new Map(inputs.map(tensor => [tensor.dataId, tensor]));
  const get = (dataId: TensorInfo['dataId']) => {
    const tensor = tensors.get(dataId);
    if (!tensor) throw new Error('a reference kernel asked for a tensor that is not its input');
    return { values: heapFloats(backend, tensor).slice() };
  };
  const makeTensorInfo = (shape: number[], dtype: 'float32', values: Float32Array) =>
    backend.makeOutput(shape, dtype, undefined, values);
  return { data: { get }, makeTensorInfo };
}
