import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type {
  Conv2DAttrs,
  Conv2DInputs,
  FusedConv2DAttrs,
  FusedConv2DInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { Conv2D, FusedConv2D } from '@tensorflow/tfjs-core';
import { type ConvInfo, convInfoOf } from './conv-info.ts';
import { canFuse, type FusableAttrs } from './fused.ts';
import { type Simd, simdOn } from './simd-calls.ts';
import { isUndilated, simdConv2d } from './simd-conv2d.ts';
import type { WasmKernelArgs } from './wasm-kernel.ts';
import { stockKernel, wasmKernel } from './wasm-kernel.ts';

const stockConv2d = stockKernel<Conv2DInputs, Conv2DAttrs>(Conv2D);
const stockFusedConv2d = stockKernel<FusedConv2DInputs, FusedConv2DAttrs>(FusedConv2D);

/** Our SIMD kernel; the stock kernel for dilated filters. */
function conv2d({ inputs, attrs, backend }: WasmKernelArgs<Conv2DInputs, Conv2DAttrs>): TensorInfo {
  const info = convInfoOf(inputs.x.shape, inputs.filter.shape, attrs);
  const simd = simdForConv(backend, info);
  return simd
    ? simdConv2d(simd, inputs.x, inputs.filter, { info, groups: 1 })
    : stockConv2d(backend, inputs, attrs);
}

/** With bias and relu, or with bias alone; the stock kernel for any other activation. */
function fusedConv2d({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<FusedConv2DInputs, FusedConv2DAttrs & FusableAttrs>): TensorInfo {
  const info = convInfoOf(inputs.x.shape, inputs.filter.shape, attrs);
  const simd = canFuse(attrs, inputs.bias, info.outChannels) ? simdForConv(backend, info) : null;
  if (!simd) return stockFusedConv2d(backend, inputs, attrs);
  const isRelu = attrs.activation === 'relu';
  return simdConv2d(simd, inputs.x, inputs.filter, { info, groups: 1 }, inputs.bias ?? null, isRelu);
}

function simdForConv(backend: BackendWasm, info: ConvInfo): Simd | null {
  return isUndilated(info) ? simdOn(backend) : null;
}

export const conv2dConfig = wasmKernel(Conv2D, conv2d);
export const fusedConv2dConfig = wasmKernel(FusedConv2D, fusedConv2d);
