import { backend_util, MaxPool, type MaxPoolAttrs, type MaxPoolInputs, util } from '@tensorflow/tfjs-core';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';

type Info = Readonly<backend_util.Conv2DInfo>;

/** The largest value of each window, NaN if one of them is NaN. The stock kernel leaves NaN out. */
export const maxPoolConfig = cpuKernel<MaxPoolInputs, MaxPoolAttrs>(
  MaxPool,
  ({ inputs: { x }, attrs: { filterSize, strides, pad, dimRoundingMode }, backend }) => {
    const [n = 0, h = 0, w = 0, c = 0] = x.shape;
    const info = backend_util.computePool2DInfo([n, h, w, c], filterSize, strides, 1, pad, dimRoundingMode);
    const y = new Float32Array(util.sizeFromShape(info.outShape)).fill(Number.NEGATIVE_INFINITY);
    takeLargest(valuesOf(backend, x), info, y);
    return x.dtype === 'int32'
      ? backend.makeTensorInfo(info.outShape, x.dtype, Int32Array.from(y))
      : makeTensor(backend, info.outShape, y);
  },
);

function takeLargest(x: Float32Array, info: Info, y: Float32Array): void {
  const { inChannels, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  for (let place = 0; place < y.length; place++) {
    const channel = place % inChannels;
    const ox = Math.floor(place / inChannels) % outWidth;
    const oy = Math.floor(place / (inChannels * outWidth)) % outHeight;
    const n = Math.floor(place / (inChannels * outWidth * outHeight));
    const [top, left] = [oy * info.strideHeight - padInfo.top, ox * info.strideWidth - padInfo.left];
    for (let row = Math.max(0, top); row < Math.min(inHeight, top + info.filterHeight); row++)
      for (let column = Math.max(0, left); column < Math.min(inWidth, left + info.filterWidth); column++) {
        const value = x[((n * inHeight + row) * inWidth + column) * inChannels + channel] as number;
        y[place] = Math.max(y[place] as number, value);
      }
  }
}
