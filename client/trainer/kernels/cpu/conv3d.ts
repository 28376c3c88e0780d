import {
  backend_util,
  Conv3D,
  type Conv3DAttrs,
  Conv3DBackpropFilterV2,
  type Conv3DBackpropFilterV2Attrs,
  type Conv3DBackpropFilterV2Inputs,
  Conv3DBackpropInputV2,
  type Conv3DBackpropInputV2Attrs,
  type Conv3DBackpropInputV2Inputs,
  type Conv3DInputs,
  util,
} from '@tensorflow/tfjs-core';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';

type Shape5D = [number, number, number, number, number];
type Info = backend_util.Conv3DInfo;

/**
 * Convolution of [n, depth, height, width, channels] with a filter [kd, kh, kw, channels, outputs], and its gradients.
 * tfjs's own kernels crop the input if a stride is larger than the filter and the padding is `same`; on WASM their
 * gradients leave out outputs too.
 */
function infoOf(
  input: readonly number[],
  filter: readonly number[],
  {
    strides,
    pad,
    dilations,
  }: { strides: Conv3DAttrs['strides']; pad: 'same' | 'valid'; dilations?: Conv3DAttrs['dilations'] },
): Info {
  return backend_util.computeConv3DInfo(input as Shape5D, filter as Shape5D, strides, dilations ?? 1, pad);
}

/** Pairs of an axis's input place and filter tap for each output place. Padding is never negative. */
function readsOf(output: number, stride: number, before: number, tap: number, dilation: number): number {
  return output * stride - Math.max(0, before) + tap * dilation;
}

/** Calls `visit` for every tap inside the input, with the places of x's pixel, of the tap and of y's pixel. */
function forEachTap(info: Info, visit: (x: number, tap: number, y: number) => void): void {
  const { padInfo } = info;
  for (let n = 0; n < info.batchSize; n++)
    for (let od = 0; od < info.outDepth; od++)
      for (let kd = 0; kd < info.filterDepth; kd++) {
        const z = readsOf(od, info.strideDepth, padInfo.front, kd, info.dilationDepth);
        if (z < 0 || z >= info.inDepth) continue;
        for (let oh = 0; oh < info.outHeight; oh++)
          for (let kh = 0; kh < info.filterHeight; kh++) {
            const y = readsOf(oh, info.strideHeight, padInfo.top, kh, info.dilationHeight);
            if (y < 0 || y >= info.inHeight) continue;
            for (let ow = 0; ow < info.outWidth; ow++)
              for (let kw = 0; kw < info.filterWidth; kw++) {
                const x = readsOf(ow, info.strideWidth, padInfo.left, kw, info.dilationWidth);
                if (x < 0 || x >= info.inWidth) continue;
                visit(
                  ((n * info.inDepth + z) * info.inHeight + y) * info.inWidth + x,
                  (kd * info.filterHeight + kh) * info.filterWidth + kw,
                  ((n * info.outDepth + od) * info.outHeight + oh) * info.outWidth + ow,
                );
              }
          }
      }
}

/** Calls `visit` for every product, with the places of its three values. */
function forEachProduct(info: Info, visit: (x: number, filter: number, y: number) => void): void {
  const { inChannels, outChannels } = info;
  forEachTap(info, (pixel, tap, out) => {
    for (let c = 0; c < inChannels; c++)
      for (let o = 0; o < outChannels; o++)
        visit(pixel * inChannels + c, (tap * inChannels + c) * outChannels + o, out * outChannels + o);
  });
}

const at = (values: Float32Array, place: number): number => values[place] as number;

const forward = cpuKernel<Conv3DInputs, Conv3DAttrs>(Conv3D, ({ inputs, attrs, backend }) => {
  const info = infoOf(inputs.x.shape, inputs.filter.shape, attrs);
  const [x, filter] = [valuesOf(backend, inputs.x), valuesOf(backend, inputs.filter)];
  const y = new Float32Array(util.sizeFromShape(info.outShape));
  forEachProduct(info, (i, f, o) => {
    y[o] = at(y, o) + at(x, i) * at(filter, f);
  });
  return makeTensor(backend, info.outShape, y);
});

const backpropInput = cpuKernel<Conv3DBackpropInputV2Inputs, Conv3DBackpropInputV2Attrs>(
  Conv3DBackpropInputV2,
  ({ inputs, attrs, backend }) => {
    const info = infoOf(attrs.inputShape, inputs.filter.shape, attrs);
    const [dy, filter] = [valuesOf(backend, inputs.dy), valuesOf(backend, inputs.filter)];
    const dx = new Float32Array(util.sizeFromShape(attrs.inputShape));
    forEachProduct(info, (i, f, o) => {
      dx[i] = at(dx, i) + at(dy, o) * at(filter, f);
    });
    return makeTensor(backend, attrs.inputShape, dx);
  },
);

const backpropFilter = cpuKernel<Conv3DBackpropFilterV2Inputs, Conv3DBackpropFilterV2Attrs>(
  Conv3DBackpropFilterV2,
  ({ inputs, attrs, backend }) => {
    const info = infoOf(inputs.x.shape, attrs.filterShape, attrs);
    const [x, dy] = [valuesOf(backend, inputs.x), valuesOf(backend, inputs.dy)];
    const dfilter = new Float32Array(util.sizeFromShape(attrs.filterShape));
    forEachProduct(info, (i, f, o) => {
      dfilter[f] = at(dfilter, f) + at(x, i) * at(dy, o);
    });
    return makeTensor(backend, attrs.filterShape, dfilter);
  },
);

export const conv3dConfigs = [forward, backpropInput, backpropFilter];
