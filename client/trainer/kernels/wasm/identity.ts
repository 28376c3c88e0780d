import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { CastAttrs, CastInputs, IdentityInputs, TensorInfo } from '@tensorflow/tfjs-core';
import { Cast, Identity } from '@tensorflow/tfjs-core';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { stockKernel, viewAs, wasmKernel } from './wasm-kernel.ts';

const stockCast = stockKernel<CastInputs, CastAttrs>(Cast);

/**
 * A second reference to the same data, as the other backends make it (and this one's own reshape). The stock kernel
 * copies, and the gradient tape clones every activation that it saves.
 */
function share(backend: BackendWasm, x: TensorInfo): TensorInfo {
  backend.incRef(x.dataId);
  return viewAs(x, x.shape);
}

function identity({ inputs: { x }, backend }: WasmKernelArgs<IdentityInputs, undefined>): TensorInfo {
  return share(backend, x);
}

/**
 * The gradient of relu casts float32 to float32, and the stock kernel copies then too. To bool it copies the number's
 * lowest byte: 256 became false, and 2 a value that is not equal to true.
 */
function cast({ inputs: { x }, attrs, backend }: WasmKernelArgs<CastInputs, CastAttrs>): TensorInfo {
  if (x.dtype === attrs.dtype) return share(backend, x);
  return attrs.dtype === 'bool' ? castToBool(backend, x) : stockCast(backend, { x }, attrs);
}

/** Whether each value is other than 0; NaN is. */
function castToBool(backend: BackendWasm, x: TensorInfo): TensorInfo {
  const truths = backend.makeOutput([...x.shape], 'bool');
  const target = backend.typedArrayFromHeap(truths);
  for (const [i, value] of backend.typedArrayFromHeap(x).entries()) target[i] = Number(value !== 0);
  return truths;
}

export const identityConfig = wasmKernel(Identity, identity);
export const castConfig = wasmKernel(Cast, cast);
