import {
  AvgPoolGrad,
  type AvgPoolGradAttrs,
  type AvgPoolGradInputs,
  backend_util,
} from '@tensorflow/tfjs-core';
import { wholeWindow } from '../cpu/avg-pool-grad.ts';
import { elementwise, runElementwise } from './elementwise.ts';
import { floatKernel, type GpuKernelArgs } from './gpu-kernel.ts';
import { i32, makeTensor } from './gpu-program.ts';

/**
 * One thread for each input value. From every window that it lies in, it takes the gradient, divided by the window's
 * cells inside the image, as on the CPU backend.
 */
const program = elementwise(
  'avgPoolGrad',
  ['dy'],
  ['dx'],
  `let c = i % uniforms.channels;
  let column = i / uniforms.channels % uniforms.inWidth;
  let row = i / (uniforms.channels * uniforms.inWidth) % uniforms.inHeight;
  let example = i / (uniforms.channels * uniforms.inWidth * uniforms.inHeight);
  let lastY = min((row + uniforms.padTop) / uniforms.strideY, uniforms.outHeight - 1);
  let lastX = min((column + uniforms.padLeft) / uniforms.strideX, uniforms.outWidth - 1);
  var sum = 0.0;
  for (var oy = lastY; oy >= 0 && oy * uniforms.strideY - uniforms.padTop + uniforms.height > row; oy--) {
    let top = oy * uniforms.strideY - uniforms.padTop;
    let rows = min(uniforms.inHeight, top + uniforms.height) - max(0, top);
    for (var ox = lastX; ox >= 0 && ox * uniforms.strideX - uniforms.padLeft + uniforms.width > column; ox--) {
      let left = ox * uniforms.strideX - uniforms.padLeft;
      let columns = min(uniforms.inWidth, left + uniforms.width) - max(0, left);
      let cells = select(uniforms.whole, rows * columns, uniforms.whole == 0);
      let o = ((example * uniforms.outHeight + oy) * uniforms.outWidth + ox) * uniforms.channels + c;
      sum += dy[o] / f32(cells);
    }
  }
  dx[i] = sum;`,
);

function avgPoolGrad({
  inputs: { dy, input },
  attrs: { filterSize, strides, pad },
  backend,
}: GpuKernelArgs<AvgPoolGradInputs, AvgPoolGradAttrs>) {
  const [n = 1, h = 1, w = 1, c = 1] = input.shape;
  const info = backend_util.computePool2DInfo([n, h, w, c], filterSize, strides, 1, pad);
  const dx = makeTensor(backend, input.shape);
  runElementwise(backend, program, [dy], [dx], {
    inHeight: i32(info.inHeight),
    inWidth: i32(info.inWidth),
    channels: i32(info.inChannels),
    outHeight: i32(info.outHeight),
    outWidth: i32(info.outWidth),
    height: i32(info.filterHeight),
    width: i32(info.filterWidth),
    strideY: i32(info.strideHeight),
    strideX: i32(info.strideWidth),
    padTop: i32(info.padInfo.top),
    padLeft: i32(info.padInfo.left),
    whole: i32(wholeWindow(info)),
  });
  return dx;
}

export const avgPoolGradConfig = floatKernel(AvgPoolGrad, avgPoolGrad);
