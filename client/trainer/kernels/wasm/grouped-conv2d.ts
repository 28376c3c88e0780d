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
import { shape4D } from './conv-info.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { groupByGroup } from './group-by-group.ts';
import { simdOn } from './simd-calls.ts';
import { simdConv2d, simdInputGradient } from './simd-conv2d.ts';
import { simdFilterGradient } from './simd-filter-gradient.ts';
import { stockConv2d } from './stock-conv2d.ts';
import { type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

/** Attributes of the plain convolution that each group is. */
const ofGroup = ({ strides, pad }: GroupedConv2DAttrs) => ({
  strides,
  pad,
  dataFormat: 'NHWC' as const,
  dilations: 1,
});

/** The shape with one group's channels on its last axis. */
const channelsOf = (shape: readonly number[], groups: number) =>
  shape4D(shape.with(-1, (shape.at(-1) ?? 0) / groups));

function forward({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupedConv2DInputs, GroupedConv2DAttrs>): TensorInfo {
  const simd = simdOn(backend);
  if (!simd)
    return groupByGroup(backend, attrs.groups, [inputs.x, inputs.filter], (x, filter) =>
      stockConv2d(backend, { x, filter }, ofGroup(attrs)),
    );
  const info = groupedConvInfo(inputs.x.shape, inputs.filter.shape, attrs);
  return simdConv2d(simd, inputs.x, inputs.filter, { info, groups: attrs.groups });
}

function inputGradient({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupedConv2DBackpropInputInputs, GroupedConv2DBackpropInputAttrs>): TensorInfo {
  const simd = simdOn(backend);
  if (!simd)
    return groupByGroup(backend, attrs.groups, [inputs.dy, inputs.filter], (dy, filter) =>
      conv2dBackpropInput({
        inputs: { dy, filter },
        attrs: { ...ofGroup(attrs), inputShape: channelsOf(attrs.inputShape, attrs.groups) },
        backend,
      }),
    );
  const info = groupedConvInfo(attrs.inputShape, inputs.filter.shape, attrs);
  return simdInputGradient(simd, inputs.dy, inputs.filter, { info, groups: attrs.groups });
}

function filterGradient({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupedConv2DBackpropFilterInputs, GroupedConv2DBackpropFilterAttrs>): TensorInfo {
  const simd = simdOn(backend);
  if (!simd)
    return groupByGroup(backend, attrs.groups, [inputs.x, inputs.dy], (x, dy) =>
      conv2dBackpropFilter({
        inputs: { x, dy },
        attrs: { ...ofGroup(attrs), filterShape: channelsOf(attrs.filterShape, attrs.groups) },
        backend,
      }),
    );
  const info = groupedConvInfo(inputs.x.shape, attrs.filterShape, attrs);
  return simdFilterGradient(simd, inputs.x, inputs.dy, { info, groups: attrs.groups });
}

export const groupedConv2dConfigs = [
  wasmKernel(GroupedConv2D, forward),
  wasmKernel(GroupedConv2DBackpropInput, inputGradient),
  wasmKernel(GroupedConv2DBackpropFilter, filterGradient),
];
