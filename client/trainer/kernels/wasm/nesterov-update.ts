import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import {
  NesterovUpdate,
  type NesterovUpdateAttrs,
  type NesterovUpdateInputs,
} from '../../ops/nesterov-update.ts';
import { nesterovUpdateConfig as reference } from '../cpu/nesterov-update.ts';
import { referenceKernel } from './reference-kernel.ts';
import { addressOf, elementBlocks, simdOn } from './simd-calls.ts';
import { type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const plainUpdate = referenceKernel([reference], NesterovUpdate);

/** One pass. The weights are new tensors: if XNNPACK is used, it keeps what it packed by tensor. */
function nesterovUpdate({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<NesterovUpdateInputs, NesterovUpdateAttrs>): TensorInfo[] {
  const simd = simdOn(backend);
  if (!simd) return plainUpdate(backend, inputs, attrs);
  const { shape } = inputs.weight;
  const updated = [0, 1].map(() => backend.makeOutput([...shape], 'float32'));
  const tensors = [inputs.weight, inputs.velocity, inputs.gradient, ...updated];
  const count = util.sizeFromShape(shape);
  simd.kernels.run('nesterovUpdate', elementBlocks(count), [
    ...tensors.map(tensor => addressOf(simd, tensor)),
    ...[count, attrs.learningRate, attrs.momentum, attrs.weightDecay],
  ]);
  return updated;
}

export const nesterovUpdateConfig = wasmKernel(NesterovUpdate, nesterovUpdate);
