import type { backend_util } from '@tensorflow/tfjs-core';
import { i32, type Uniforms } from './gpu-program.ts';
import type { TiledProduct } from './tiled-product.ts';

/**
 * Grouped convolution and its gradients as tiled products, one batch for each group of channels; with one group,
 * plain convolution. NHWC; filters are [kh, kw, inDepth, outChannels], and inDepth is the input channels of a group.
 */
export function convUniforms(info: backend_util.Conv2DInfo, groups: number): Uniforms {
  return {
    inHeight: i32(info.inHeight),
    inWidth: i32(info.inWidth),
    inChannels: i32(info.inChannels),
    outHeight: i32(info.outHeight),
    outWidth: i32(info.outWidth),
    outChannels: i32(info.outChannels),
    inDepth: i32(info.inChannels / groups),
    outDepth: i32(info.outChannels / groups),
    filterWidth: i32(info.filterWidth),
    strideY: i32(info.strideHeight),
    strideX: i32(info.strideWidth),
    padTop: i32(info.padInfo.top),
    padLeft: i32(info.padInfo.left),
  };
}

/** An output place's picture, and the corner of its window in the input. */
const outputPlace = (name: string): string => `
fn ${name}(p: i32) -> vec4<i32> {
  let example = p / (uniforms.outHeight * uniforms.outWidth);
  let y = p / uniforms.outWidth % uniforms.outHeight;
  let x = p % uniforms.outWidth;
  return vec4<i32>(
    example * uniforms.inHeight,
    y * uniforms.strideY - uniforms.padTop,
    x * uniforms.strideX - uniforms.padLeft,
    0,
  );
}`;

/** A tap of the filter, and a channel of the group. */
const tapAndChannel = (name: string, depth: 'inDepth' | 'outDepth'): string => `
fn ${name}(t: i32) -> vec4<i32> {
  let tap = t / uniforms.${depth};
  return vec4<i32>(tap / uniforms.filterWidth, tap % uniforms.filterWidth, t % uniforms.${depth}, 0);
}`;

const readInput = `
fn readInput(batch: i32, corner: vec4<i32>, tap: vec4<i32>) -> f32 {
  let y = corner.y + tap.x;
  let xx = corner.z + tap.y;
  if (y < 0 || y >= uniforms.inHeight || xx < 0 || xx >= uniforms.inWidth) { return 0.0; }
  return x[((corner.x + y) * uniforms.inWidth + xx) * uniforms.inChannels + batch * uniforms.inDepth + tap.z];
}`;

/** y [n·ho·wo, outDepth] = windows of x [n·ho·wo, kh·kw·inDepth] · filter. */
export const convForward: TiledProduct = {
  name: 'groupedConv',
  inputs: ['x', 'weights'],
  output: 'y',
  aAlong: 'k',
  bAlong: 'n',
  functions: `
${outputPlace('rowOf')}
${tapAndChannel('stepOf', 'inDepth')}
${readInput}
fn loadA(batch: i32, row: vec4<i32>, step: vec4<i32>) -> f32 { return readInput(batch, row, step); }
fn loadB(batch: i32, k: i32, n: i32) -> f32 {
  return weights[k * uniforms.outChannels + batch * uniforms.outDepth + n];
}
fn place(batch: i32, split: i32, m: i32, n: i32) -> i32 {
  return m * uniforms.outChannels + batch * uniforms.outDepth + n;
}`,
};

/** dx [n·h·w, inDepth] = the windows of dy that x was in [n·h·w, kh·kw·outDepth] · filter, transposed. */
export const convInputGradient: TiledProduct = {
  name: 'groupedConvInputGradient',
  inputs: ['dy', 'weights'],
  output: 'dx',
  aAlong: 'k',
  bAlong: 'k',
  functions: `
fn rowOf(p: i32) -> vec4<i32> {
  let example = p / (uniforms.inHeight * uniforms.inWidth);
  let y = p / uniforms.inWidth % uniforms.inHeight;
  return vec4<i32>(
    example * uniforms.outHeight, y + uniforms.padTop, p % uniforms.inWidth + uniforms.padLeft, 0);
}
${tapAndChannel('stepOf', 'outDepth')}
fn loadA(batch: i32, row: vec4<i32>, step: vec4<i32>) -> f32 {
  let y = row.y - step.x;
  let x = row.z - step.y;
  if (y < 0 || x < 0 || y % uniforms.strideY != 0 || x % uniforms.strideX != 0) { return 0.0; }
  let oy = y / uniforms.strideY;
  let ox = x / uniforms.strideX;
  if (oy >= uniforms.outHeight || ox >= uniforms.outWidth) { return 0.0; }
  return dy[((row.x + oy) * uniforms.outWidth + ox) * uniforms.outChannels + batch * uniforms.outDepth + step.z];
}
fn loadB(batch: i32, k: i32, n: i32) -> f32 {
  let tap = k / uniforms.outDepth;
  return weights[(tap * uniforms.inDepth + n) * uniforms.outChannels + batch * uniforms.outDepth + k % uniforms.outDepth];
}
fn place(batch: i32, split: i32, m: i32, n: i32) -> i32 {
  return m * uniforms.inChannels + batch * uniforms.inDepth + n;
}`,
};

/** dfilter [kh·kw·inDepth, outDepth] = windows of x, transposed · dy; [splits, …] if the places are split. */
export const convFilterGradient: TiledProduct = {
  name: 'groupedConvFilterGradient',
  inputs: ['x', 'dy'],
  output: 'dfilter',
  aAlong: 'm',
  bAlong: 'n',
  functions: `
${tapAndChannel('rowOf', 'inDepth')}
${outputPlace('stepOf')}
${readInput}
fn loadA(batch: i32, row: vec4<i32>, step: vec4<i32>) -> f32 { return readInput(batch, step, row); }
fn loadB(batch: i32, k: i32, n: i32) -> f32 {
  return dy[k * uniforms.outChannels + batch * uniforms.outDepth + n];
}
fn place(batch: i32, split: i32, m: i32, n: i32) -> i32 {
  return (split * uniforms.m + m) * uniforms.outChannels + batch * uniforms.outDepth + n;
}`,
};
