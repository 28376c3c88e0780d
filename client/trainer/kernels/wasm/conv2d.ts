import type {
  Conv2DAttrs,
  Conv2DInputs,
  FusedConv2DAttrs,
  FusedConv2DInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { Conv2D, FusedConv2D } from '@tensorflow/tfjs-core';
import { type Fusion, finishFused } from './activation.ts';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import { canFuse } from './fused.ts';
import { type Simd, simdOn } from './simd-calls.ts';
import { isUndilated, simdConv2d } from './simd-conv2d.ts';
import { stockConv2d } from './stock-conv2d.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

/** Our SIMD kernel; the stock kernel for dilated filters. */
function conv2d({ inputs, attrs, backend }: WasmKernelArgs<Conv2DInputs, Conv2DAttrs>): TensorInfo {
  const info = convInfoOf(inputs.x.shape, inputs.filter.shape, attrs);
  const simd = simdForConv(backend, info);
  return simd
    ? simdConv2d(simd, inputs.x, inputs.filter, { info, groups: 1 })
    : stockConv2d(backend, inputs, attrs);
}

type FusedArgs = Omit<WasmKernelArgs<FusedConv2DInputs, FusedConv2DAttrs & Fusion>, 'inputs'> & {
  readonly inputs: FusedConv2DInputs;
};

/** Bias and relu in the same pass; any other activation in a pass of its own. */
function fusedConv2d({ inputs, attrs, backend }: FusedArgs): TensorInfo {
  const { x, filter, bias } = inputs;
  const info = convInfoOf(x.shape, filter.shape, attrs);
  const simd = canFuse(attrs, bias, info.outChannels) ? simdForConv(backend, info) : null;
  const isRelu = attrs.activation === 'relu';
  if (simd) return simdConv2d(simd, x, filter, { info, groups: 1 }, bias ?? null, isRelu);
  return finishFused(backend, conv2d({ inputs: { x, filter }, attrs, backend }), { ...attrs, ...inputs });
}

function simdForConv(backend: FusedArgs['backend'], info: ConvInfo): Simd | null {
  return isUndilated(info) ? simdOn(backend) : null;
}

export const conv2dConfig = wasmKernel(Conv2D, conv2d);
export const fusedConv2dConfig = wasmKernel(FusedConv2D, fusedConv2d);
