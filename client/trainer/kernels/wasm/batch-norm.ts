import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  BatchNormTraining,
  type BatchNormTrainingAttrs,
  BatchNormTrainingGrad,
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
} from '../../ops/batch-norm.ts';
import { batchNormConfigs as references } from '../cpu/batch-norm.ts';
import { referenceKernel } from './reference-kernel.ts';
import { simdOn } from './simd-calls.ts';
import { batchBlocks, SimdNorm } from './simd-norm.ts';
import { type WasmKernelArgs, wasmKernel } from './wasm-kernel.ts';

const plainForward = referenceKernel(references, BatchNormTraining);
const plainBackward = referenceKernel(references, BatchNormTrainingGrad);

/** Bytes between the factors of one block and the next: all blocks of a batch have the same factors. */
const SHARED = 0;

function forward({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<BatchNormTrainingInputs, BatchNormTrainingAttrs>): TensorInfo[] {
  const simd = simdOn(backend);
  if (!simd) return plainForward(backend, inputs, attrs);
  const { x, gamma, beta } = inputs;
  const norm = new SimdNorm(simd, batchBlocks(x.shape));
  const { rows, blockRows, channels, blocks } = norm.over;
  const [y, mean, variance] = [norm.make(x.shape), norm.make([channels]), norm.make([channels])];
  const blocking = [rows, blockRows, channels];
  norm.withScratch(3, (moments, factors) => {
    simd.kernels.run('blockMoments', blocks, [norm.at(x), moments, ...blocking]);
    simd.kernels.run('batchMoments', channels, [
      ...[moments, ...blocking, norm.at(gamma), norm.at(beta), attrs.epsilon],
      ...[norm.at(mean), norm.at(variance), factors],
    ]);
    simd.kernels.run('normalise', blocks, [norm.at(x), norm.at(y), factors, SHARED, ...blocking]);
  });
  return [y, mean, variance];
}

function backward({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<BatchNormTrainingGradInputs, BatchNormTrainingAttrs>): TensorInfo[] {
  const simd = simdOn(backend);
  if (!simd) return plainBackward(backend, inputs, attrs);
  const { x, dy, gamma, mean, variance } = inputs;
  const norm = new SimdNorm(simd, batchBlocks(x.shape));
  const { rows, blockRows, channels, blocks } = norm.over;
  const [dx, dgamma, dbeta] = [norm.make(x.shape), norm.make([channels]), norm.make([channels])];
  const blocking = [rows, blockRows, channels];
  const [xAt, dyAt, meanAt] = [norm.at(x), norm.at(dy), norm.at(mean)];
  norm.withScratch(4, (sums, factors) => {
    simd.kernels.run('blockGradients', blocks, [xAt, dyAt, meanAt, sums, ...blocking]);
    simd.kernels.run('batchGradients', channels, [
      ...[sums, rows, blocks, channels, norm.at(gamma), meanAt, norm.at(variance), attrs.epsilon],
      ...[norm.at(dgamma), norm.at(dbeta), factors],
    ]);
    simd.kernels.run('normaliseGradient', blocks, [xAt, dyAt, norm.at(dx), factors, SHARED, ...blocking]);
  });
  return [dx, dgamma, dbeta];
}

export const batchNormConfigs = [
  wasmKernel(BatchNormTraining, forward),
  wasmKernel(BatchNormTrainingGrad, backward),
];
