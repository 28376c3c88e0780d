import {
  AvgPoolGrad,
  type AvgPoolGradAttrs,
  type AvgPoolGradInputs,
  backend_util,
  util,
} from '@tensorflow/tfjs-core';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';

type Info = Readonly<backend_util.Conv2DInfo>;

/**
 * What an average's gradient is divided by, or 0: by the window's cells inside the image. tfjs's kernels always divide
 * by the whole window, though their forward pass divides by the cells inside. Padding in numbers, which no layer asks
 * for, stays as tfjs has it.
 */
export const wholeWindow = ({ padInfo, filterHeight, filterWidth }: Info): number =>
  padInfo.type === 'SAME' ? 0 : filterHeight * filterWidth;

/** The cells that a window covers along an axis: [from, to). */
const covered = (output: number, stride: number, before: number, filter: number, input: number) =>
  [Math.max(0, output * stride - before), Math.min(input, output * stride - before + filter)] as const;

/** Spreads each output's gradient evenly over the cells that its mean was taken of. */
export const avgPoolGradConfig = cpuKernel<AvgPoolGradInputs, AvgPoolGradAttrs>(
  AvgPoolGrad,
  ({ inputs, attrs, backend }) => {
    const [n = 0, h = 0, w = 0, c = 0] = inputs.input.shape;
    const info = backend_util.computePool2DInfo([n, h, w, c], attrs.filterSize, attrs.strides, 1, attrs.pad);
    const dx = new Float32Array(util.sizeFromShape(info.inShape));
    spread(valuesOf(backend, inputs.dy), info, dx);
    return makeTensor(backend, info.inShape, dx);
  },
);

function spread(dy: Float32Array, info: Info, dx: Float32Array): void {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const whole = wholeWindow(info);
  for (let n = 0; n < batchSize; n++)
    for (let oy = 0; oy < outHeight; oy++) {
      const [top, bottom] = covered(oy, info.strideHeight, padInfo.top, info.filterHeight, inHeight);
      for (let ox = 0; ox < outWidth; ox++) {
        const [left, right] = covered(ox, info.strideWidth, padInfo.left, info.filterWidth, inWidth);
        const share = 1 / (whole || (bottom - top) * (right - left));
        const from = ((n * outHeight + oy) * outWidth + ox) * inChannels;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++)
            for (let c = 0; c < inChannels; c++) {
              const to = ((n * inHeight + y) * inWidth + x) * inChannels + c;
              dx[to] = (dx[to] as number) + share * (dy[from + c] as number);
            }
      }
    }
}
