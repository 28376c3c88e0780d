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

function forward({
  inputs,
  attrs,
  backend,
}: WasmKernelArgs<BatchNormTrainingInputs, BatchNormTrainingAttrs>): TensorInfo[] {
  const simd = simdOn(backend);
  if (!simd) return plainForward(backend, inputs, attrs);
  const { x, gamma, beta } = inputs;
  const norm = new SimdNorm(simd, batchBlocks(x.shape), false);
  const { rows, blockRows, channels } = norm.over;
  const [y, mean, variance] = [norm.make(x.shape), norm.make([channels]), norm.make([channels])];
  norm.withScratch(3, (moments, factors) => {
    norm.measure(x, moments);
    simd.kernels.run('batchMoments', channels, [
      ...[norm.at(moments), rows, blockRows, channels, norm.at(gamma), norm.at(beta), attrs.epsilon],
      ...[norm.at(mean), norm.at(variance), norm.at(factors)],
    ]);
    norm.normalise(x, y, factors);
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
  const norm = new SimdNorm(simd, batchBlocks(x.shape), false);
  const { rows, channels, blocks } = norm.over;
  const [dx, dgamma, dbeta] = [norm.make(x.shape), norm.make([channels]), norm.make([channels])];
  norm.withScratch(4, (sums, factors) => {
    norm.sumGradients(x, dy, mean, sums);
    simd.kernels.run('batchGradients', channels, [
      ...[
        norm.at(sums),
        rows,
        blocks,
        channels,
        norm.at(gamma),
        norm.at(mean),
        norm.at(variance),
        attrs.epsilon,
      ],
      ...[norm.at(dgamma), norm.at(dbeta), norm.at(factors)],
    ]);
    norm.backpropagate(x, dy, dx, factors);
  });
  return [dx, dgamma, dbeta];
}

export const batchNormConfigs = [
  wasmKernel(BatchNormTraining, forward),
  wasmKernel(BatchNormTrainingGrad, backward),
];
