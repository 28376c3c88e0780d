import { registerKernel } from '@tensorflow/tfjs-core';
import { batchNormConfigs } from './batch-norm.ts';
import { groupNormConfigs } from './group-norm.ts';
import { groupedConv2dConfigs } from './grouped-conv2d.ts';
import { nesterovUpdateConfig } from './nesterov-update.ts';

let isRegistered = false;

/** Gives tfjs's CPU backend the kernels of our own ops. Later calls do nothing. */
export function registerCpuKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  for (const kernel of [
    ...groupedConv2dConfigs,
    ...groupNormConfigs,
    ...batchNormConfigs,
    nesterovUpdateConfig,
  ])
    registerKernel(kernel);
}
