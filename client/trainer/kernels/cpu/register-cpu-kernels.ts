import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mendGradients } from '../../ops/mend-gradients.ts';
import { saveTensorsCheaply } from '../../ops/save-tensors.ts';
import { avgPoolGradConfig } from './avg-pool-grad.ts';
import { batchNormConfigs } from './batch-norm.ts';
import { conv3dConfigs } from './conv3d.ts';
import { groupNormConfigs } from './group-norm.ts';
import { groupedConv2dConfigs } from './grouped-conv2d.ts';
import { maxPoolConfig } from './max-pool.ts';
import { nesterovUpdateConfig } from './nesterov-update.ts';
import { resizeGradientConfigs } from './resize-gradients.ts';

let isRegistered = false;

/**
 * Gives tfjs's CPU backend the kernels of our own ops, and right ones for those that it has wrong. Later calls do
 * nothing.
 */
export function registerCpuKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  mendGradients();
  saveTensorsCheaply();
  for (const kernel of [
    avgPoolGradConfig,
    maxPoolConfig,
    ...conv3dConfigs,
    ...resizeGradientConfigs,
    ...groupedConv2dConfigs,
    ...groupNormConfigs,
    ...batchNormConfigs,
    nesterovUpdateConfig,
  ]) {
    if (getKernel(kernel.kernelName, 'cpu')) unregisterKernel(kernel.kernelName, 'cpu');
    registerKernel(kernel);
  }
}
