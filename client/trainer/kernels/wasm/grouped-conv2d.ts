import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  GroupedConv2D,
  type GroupedConv2DAttrs,
  GroupedConv2DBackpropFilter,
  type GroupedConv2DBackpropFilterAttrs,
  type GroupedConv2DBackpropFilterInputs,
  GroupedConv2DBackpropInput,
  type GroupedConv2DBackpropInputAttrs,
  type GroupedConv2DBackpropInputInputs,
  type GroupedConv2DInputs,
  groupedConvInfo,
} from '../../ops/grouped-conv2d.ts';
import { groupedConv2dConfigs as references } from '../cpu/grouped-conv2d.ts';
import { referenceKernelOfOne } from './reference-kernel.ts';
import { simdOn } from './simd-calls.ts';
import { simdConv2d, simdInputGradient } from './simd-conv2d.ts';
import { simdFilterGradient } from './simd-filter-gradient.ts';
import { type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const plainForward = referenceKernelOfOne(references, GroupedConv2D);
const plainInputGradient = referenceKernelOfOne(references, GroupedConv2DBackpropInput);
const plainFilterGradient = referenceKernelOfOne(references, GroupedConv2DBackpropFilter);

function forward({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupedConv2DInputs, GroupedConv2DAttrs>): TensorInfo {
  const simd = simdOn(backend);
  if (!simd) return plainForward(backend, inputs, attrs);
  const info = groupedConvInfo(inputs.x.shape, inputs.filter.shape, attrs);
  return simdConv2d(simd, inputs.x, inputs.filter, { info, groups: attrs.groups });
}

function inputGradient({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupedConv2DBackpropInputInputs, GroupedConv2DBackpropInputAttrs>): TensorInfo {
  const simd = simdOn(backend);
  if (!simd) return plainInputGradient(backend, inputs, attrs);
  const info = groupedConvInfo(attrs.inputShape, inputs.filter.shape, attrs);
  return simdInputGradient(simd, inputs.dy, inputs.filter, { info, groups: attrs.groups });
}

function filterGradient({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupedConv2DBackpropFilterInputs, GroupedConv2DBackpropFilterAttrs>): TensorInfo {
  const simd = simdOn(backend);
  if (!simd) return plainFilterGradient(backend, inputs, attrs);
  const info = groupedConvInfo(inputs.x.shape, attrs.filterShape, attrs);
  return simdFilterGradient(simd, inputs.x, inputs.dy, { info, groups: attrs.groups });
}

export const groupedConv2dConfigs = [
  wasmKernel(GroupedConv2D, forward),
  wasmKernel(GroupedConv2DBackpropInput, inputGradient),
  wasmKernel(GroupedConv2DBackpropFilter, filterGradient),
];
