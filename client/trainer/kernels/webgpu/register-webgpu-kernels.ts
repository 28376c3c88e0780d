import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { mendGradients } from '../../ops/mend-gradients.ts';
import { saveTensorsCheaply } from '../../ops/save-tensors.ts';
import { avgPoolGradConfig } from './avg-pool-grad.ts';
import { batchNormConfigs } from './batch-norm.ts';
import { cumulativeConfigs } from './cumulative.ts';
import { groupNormConfigs } from './group-norm.ts';
import { groupedConv2dConfigs } from './grouped-conv2d.ts';
import { maxPoolGradConfig } from './max-pool-grad.ts';
import { mendedConfigs } from './mended-kernels.ts';
import { nesterovUpdateConfig } from './nesterov-update.ts';
import { resizeGradientConfigs } from './resize-gradients.ts';
import { sumConfigs } from './sum.ts';

let isRegistered = false;

/**
 * Gives tfjs's WebGPU backend the kernels of our own ops, and better ones if its own are slow in training. Call it
 * after tfjs's backend is imported, because some of ours call the one that they replace; later calls do nothing.
 */
export function registerWebgpuKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  mendGradients();
  saveTensorsCheaply();
  for (const kernel of [
    avgPoolGradConfig,
    ...batchNormConfigs,
    ...cumulativeConfigs(),
    ...groupNormConfigs,
    ...groupedConv2dConfigs(),
    maxPoolGradConfig,
    ...mendedConfigs(),
    nesterovUpdateConfig,
    ...resizeGradientConfigs(),
    ...sumConfigs(),
  ])
    replaceKernel(kernel);
}

function replaceKernel(kernel: KernelConfig): void {
  if (getKernel(kernel.kernelName, 'webgpu')) unregisterKernel(kernel.kernelName, 'webgpu');
  registerKernel(kernel);
}
