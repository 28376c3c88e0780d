import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type {
  KernelConfig,
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { getKernel } from '@tensorflow/tfjs-core';
// Evaluated first, so that the stock kernels are in the registry when `stockKernel` looks for them.
import '@tensorflow/tfjs-backend-wasm';

/**
 * The border to tfjs's loosely typed kernel registry: every cast that these kernels need is in this file.
 * Who owns memory: a kernel returns tensors that the engine disposes of. Everything else that it allocates is
 * scratch, made and freed by `withScratch`. A view of the heap becomes stale when anything allocates, because the
 * WASM memory may grow, which detaches the old buffer. So take views last, after every `makeOutput` and after every
 * kernel that is called on the way.
 */
export interface WasmKernelArgs<Inputs, Attrs> {
  /** tfjs types every input as possibly missing, for the few kernels with optional ones; ours have none. */
  readonly inputs: Given<Inputs>;
  readonly attrs: Attrs;
  readonly backend: BackendWasm;
}

/** A kernel's inputs, all of which are there. */
export type Given<Inputs> = { readonly [Name in keyof Inputs]-?: NonNullable<Inputs[Name]> };

export function wasmKernel<Inputs, Attrs>(
  kernelName: string,
  kernelFunc: (args: WasmKernelArgs<Inputs, Attrs>) => TensorInfo | TensorInfo[],
): KernelConfig {
  return { kernelName, backendName: 'wasm', kernelFunc: kernelFunc as unknown as KernelFunc };
}

/** The kernel that is registered now, wrapped, so that an override can still call the one that it replaces. */
export function stockKernel<Inputs extends NamedTensorInfoMap, Attrs>(kernelName: string) {
  const { kernelFunc } = getKernel(kernelName, 'wasm');
  return (backend: BackendWasm, inputs: Inputs, attrs: Attrs): TensorInfo =>
    single(kernelFunc({ inputs, backend, attrs: attrs as unknown as NamedAttrMap }));
}

/** The one tensor of a kernel that has one. */
export function single(outputs: TensorInfo | TensorInfo[]): TensorInfo {
  const [output] = Array.isArray(outputs) ? outputs : [outputs];
  if (output === undefined) throw new Error('kernel returned no tensor');
  return output;
}

/** Runs `use` with an uninitialised float32 tensor that is freed afterwards, even if `use` throws. */
export function withScratch<T>(
  backend: BackendWasm,
  shape: readonly number[],
  use: (scratch: TensorInfo) => T,
): T {
  const scratch = backend.makeOutput([...shape], 'float32');
  try {
    return use(scratch);
  } finally {
    backend.disposeData(scratch.dataId);
  }
}

/** The tensor's own bytes on the WASM heap, no copy; see above for how long the view stays valid. */
export function heapFloats(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  const view = backend.typedArrayFromHeap(tensor);
  if (view instanceof Float32Array) return view;
  throw new Error(`expected a float32 tensor, got ${tensor.dtype}`);
}

/** The same data under another shape, for one kernel call only: it takes no reference, so never dispose of it. */
export function viewAs(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
}
