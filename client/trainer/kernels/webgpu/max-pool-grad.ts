import {
  backend_util,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
} from '@tensorflow/tfjs-core';
import { elementwise, runElementwise } from './elementwise.ts';
import { floatKernel, type GpuKernelArgs } from './gpu-kernel.ts';
import { i32, makeTensor } from './gpu-program.ts';

/**
 * One thread for each input value. From every window that has it as its first maximum, it takes the gradient, as on
 * the CPU backend. The stock kernel gives the gradient to the last one of equals, and writes all positions to memory
 * first.
 */
const program = elementwise(
  'maxPoolGrad',
  ['dy', 'x', 'y'],
  ['dx'],
  `let c = i % uniforms.channels;
  let column = i / uniforms.channels % uniforms.inWidth;
  let row = i / (uniforms.channels * uniforms.inWidth) % uniforms.inHeight;
  let example = i / (uniforms.channels * uniforms.inWidth * uniforms.inHeight);
  let value = x[i];
  let lastY = min((row + uniforms.padTop) / uniforms.strideY, uniforms.outHeight - 1);
  let lastX = min((column + uniforms.padLeft) / uniforms.strideX, uniforms.outWidth - 1);
  var sum = 0.0;
  for (var oy = lastY; oy >= 0 && oy * uniforms.strideY - uniforms.padTop + uniforms.height > row; oy--) {
    for (var ox = lastX; ox >= 0 && ox * uniforms.strideX - uniforms.padLeft + uniforms.width > column; ox--) {
      let o = ((example * uniforms.outHeight + oy) * uniforms.outWidth + ox) * uniforms.channels + c;
      var isFirst = y[o] == value;
      let top = max(0, oy * uniforms.strideY - uniforms.padTop);
      let left = max(0, ox * uniforms.strideX - uniforms.padLeft);
      let right = min(uniforms.inWidth, ox * uniforms.strideX - uniforms.padLeft + uniforms.width);
      for (var yy = top; isFirst && yy <= row; yy++) {
        for (var xx = left; xx < right && (yy < row || xx < column); xx++) {
          let before = x[((example * uniforms.inHeight + yy) * uniforms.inWidth + xx) * uniforms.channels + c];
          if (before == value) { isFirst = false; }
        }
      }
      if (isFirst) { sum += dy[o]; }
    }
  }
  dx[i] = sum;`,
);

function maxPoolGrad({
  inputs: { dy, input, output },
  attrs: { filterSize, strides, pad, dimRoundingMode },
  backend,
}: GpuKernelArgs<MaxPoolGradInputs, MaxPoolGradAttrs>) {
  const [n = 1, h = 1, w = 1, c = 1] = input.shape;
  const info = backend_util.computePool2DInfo([n, h, w, c], filterSize, strides, 1, pad, dimRoundingMode);
  const dx = makeTensor(backend, input.shape);
  runElementwise(backend, program, [dy, input, output], [dx], {
    inHeight: i32(info.inHeight),
    inWidth: i32(info.inWidth),
    channels: i32(info.inChannels),
    outHeight: i32(info.outHeight),
    outWidth: i32(info.outWidth),
    height: i32(info.effectiveFilterHeight),
    width: i32(info.effectiveFilterWidth),
    strideY: i32(info.strideHeight),
    strideX: i32(info.strideWidth),
    padTop: i32(info.padInfo.top),
    padLeft: i32(info.padInfo.left),
  });
  return dx;
}

export const maxPoolGradConfig = floatKernel(MaxPoolGrad, maxPoolGrad);
