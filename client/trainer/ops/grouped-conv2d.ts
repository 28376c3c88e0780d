import * as tf from '@tensorflow/tfjs-core';
import { isCount, registerOpGradient, runKernelForOne } from './op-kernel.ts';

export const GroupedConv2D = 'GroupedConv2D';
export const GroupedConv2DBackpropInput = 'GroupedConv2DBackpropInput';
export const GroupedConv2DBackpropFilter = 'GroupedConv2DBackpropFilter';

export type GroupedConv2DAttrs = {
  groups: number;
  /** Down and across. */
  strides: [number, number];
  pad: 'same' | 'valid';
};
export type GroupedConv2DBackpropInputAttrs = GroupedConv2DAttrs & { inputShape: number[] };
export type GroupedConv2DBackpropFilterAttrs = GroupedConv2DAttrs & { filterShape: number[] };

/** Inputs of the three kernels, for those who write them; T is a tensor, or what a backend knows of one. */
export type GroupedConv2DInputs<T = tf.TensorInfo> = { x: T; filter: T };
export type GroupedConv2DBackpropInputInputs<T = tf.TensorInfo> = { dy: T; filter: T };
export type GroupedConv2DBackpropFilterInputs<T = tf.TensorInfo> = { x: T; dy: T };

/**
 * Convolution in groups (AlexNet; ResNeXt, arXiv 1611.05431): output channel o sees only the input channels of its
 * group floor(o / (cout / groups)). NHWC, float32, no dilation.
 * @param x [n, h, w, cin]
 * @param filter [kh, kw, cin / groups, cout]
 * @returns [n, ho, wo, cout]
 * @throws if `groups` is not a whole number or does not divide the channels, or if the backend in use has no such
 * kernel
 */
export function groupedConv2d(x: tf.Tensor4D, filter: tf.Tensor4D, attrs: GroupedConv2DAttrs): tf.Tensor4D {
  groupedConvInfo(x.shape, filter.shape, attrs);
  return runKernelForOne(GroupedConv2D, { x, filter }, attrs) as tf.Tensor4D;
}

/** Sizes, strides and padding of a grouped convolution, for every backend. @throws if the shapes do not fit */
export function groupedConvInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { groups, strides, pad }: GroupedConv2DAttrs,
): tf.backend_util.Conv2DInfo {
  const [n, h, w, cin] = inputShape;
  const [kh, kw, depth, cout] = filterShape;
  const isFit =
    n !== undefined &&
    h !== undefined &&
    w !== undefined &&
    cin !== undefined &&
    inputShape.length === 4 &&
    kh !== undefined &&
    kw !== undefined &&
    depth !== undefined &&
    cout !== undefined &&
    filterShape.length === 4 &&
    isCount(groups) &&
    cin === depth * groups &&
    cout % groups === 0;
  if (!isFit)
    throw new Error(
      `a filter of [${filterShape}] in ${groups} groups does not fit pictures of [${inputShape}]`,
    );
  return tf.backend_util.computeConv2DInfo([n, h, w, cin], [kh, kw, cin, cout], strides, 1, pad);
}

registerOpGradient<[tf.Tensor], [tf.Tensor, tf.Tensor], GroupedConv2DAttrs>({
  kernelName: GroupedConv2D,
  inputsToSave: ['x', 'filter'],
  gradient: ([dy], [x, filter], { groups, strides, pad }) => ({
    x: () => {
      const attrs = { groups, strides, pad, inputShape: x.shape };
      return runKernelForOne(GroupedConv2DBackpropInput, { dy, filter }, attrs);
    },
    filter: () => {
      const attrs = { groups, strides, pad, filterShape: filter.shape };
      return runKernelForOne(GroupedConv2DBackpropFilter, { x, dy }, attrs);
    },
  }),
});
