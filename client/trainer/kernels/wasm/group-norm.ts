import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  GroupNorm,
  type GroupNormAttrs,
  GroupNormGrad,
  type GroupNormGradAttrs,
  type GroupNormGradInputs,
  type GroupNormInputs,
} from '../../ops/group-norm.ts';
import { groupNormConfigs as references } from '../cpu/group-norm.ts';
import { referenceKernel } from './reference-kernel.ts';
import { simdOn } from './simd-calls.ts';
import { imageBlocks, SimdNorm } from './simd-norm.ts';
import { type WasmKernelArgs, wasmKernel, withScratch } from './wasm-kernel.ts';

const plainForward = referenceKernel(references, GroupNorm);
const plainBackward = referenceKernel(references, GroupNormGrad);

function forward({ inputs, attrs, backend }: WasmKernelArgs<GroupNormInputs, GroupNormAttrs>): TensorInfo[] {
  const simd = simdOn(backend);
  if (!simd) return plainForward(backend, inputs, attrs);
  const { x, gamma, beta } = inputs;
  const { groups, epsilon } = attrs;
  const norm = new SimdNorm(simd, imageBlocks(x.shape));
  const { sets: images, rows: places, blockRows, channels } = norm.over;
  const [y, mean, inverse] = [norm.make(x.shape), norm.make([images, groups]), norm.make([images, groups])];
  norm.withScratch(3, (moments, factors) => {
    simd.kernels.run('groupNorm', images, [
      ...[norm.at(x), norm.at(y), moments, factors, images, places, blockRows, channels],
      ...[groups, norm.at(gamma), norm.at(beta), epsilon, norm.at(mean), norm.at(inverse)],
    ]);
  });
  return [y, mean, inverse];
}

function backward({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<GroupNormGradInputs, GroupNormGradAttrs>): TensorInfo[] {
  const simd = simdOn(backend);
  if (!simd) return plainBackward(backend, inputs, attrs);
  const { x, dy, gamma, mean, inverseDeviation } = inputs;
  const { groups } = attrs;
  const norm = new SimdNorm(simd, imageBlocks(x.shape));
  const { sets: images, rows: places, blockRows, blocks, channels } = norm.over;
  const [dx, dgamma, dbeta] = [norm.make(x.shape), norm.make([channels]), norm.make([channels])];
  const inverse = norm.at(inverseDeviation);
  norm.withScratch(4, (sums, factors) => {
    withScratch(backend, [images, channels], spread =>
      simd.kernels.run('groupNormGradient', images, [
        ...[norm.at(x), norm.at(dy), norm.at(dx), sums, factors, norm.at(spread)],
        ...[images, places, blockRows, channels, groups, norm.at(gamma), norm.at(mean), inverse],
      ]),
    );
    simd.kernels.run('groupScaleGradients', channels, [
      ...[sums, images, blocks, channels, groups, inverse, norm.at(dgamma), norm.at(dbeta)],
    ]);
  });
  return [dx, dgamma, dbeta];
}

export const groupNormConfigs = [wasmKernel(GroupNorm, forward), wasmKernel(GroupNormGrad, backward)];
