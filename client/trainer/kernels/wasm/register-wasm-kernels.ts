import type { KernelConfig } from '@tensorflow/tfjs-core';
import { getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { mendGradients } from '../../ops/mend-gradients.ts';
import { registerReluGradient } from '../../ops/relu-gradient.ts';
import { saveTensorsCheaply } from '../../ops/save-tensors.ts';
import { addConfig } from './add.ts';
import { avgPoolGradConfig } from './avg-pool-grad.ts';
import { batchMatMulConfig, fusedMatMulConfig } from './batch-mat-mul.ts';
import { batchNormConfigs } from './batch-norm.ts';
import { boundConfigs } from './bounds.ts';
import { concatConfig, splitConfig } from './concat.ts';
import { conv2dConfig, fusedConv2dConfig } from './conv2d.ts';
import { conv2dBackpropFilterConfig } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInputConfig } from './conv2d-backprop-input.ts';
import { depthwiseConv2dConfigs } from './depthwise-conv2d.ts';
import { depthwiseConv2dBackpropFilterConfig } from './depthwise-conv2d-backprop-filter.ts';
import { depthwiseConv2dBackpropInputConfig } from './depthwise-conv2d-backprop-input.ts';
import { groupNormConfigs } from './group-norm.ts';
import { groupedConv2dConfigs } from './grouped-conv2d.ts';
import { castConfig, identityConfig } from './identity.ts';
import { maxPoolGradConfig } from './max-pool-grad.ts';
import { meanConfig } from './mean.ts';
import { nesterovUpdateConfig } from './nesterov-update.ts';
import { plainConfigs } from './plain-kernels.ts';
import { poolConfigs } from './pool.ts';
import { preluConfig } from './prelu.ts';
import { reluConfigs } from './relu.ts';
import { sliceConfig } from './slice.ts';
import { sumConfig } from './sum.ts';
import { tileConfig } from './tile.ts';
import { unsortedSegmentSumConfig } from './unsorted-segment-sum.ts';

const TRAINING_KERNELS: readonly KernelConfig[] = [
  // Missing from the WASM backend: without them nothing with a convolution trains.
  conv2dBackpropFilterConfig,
  depthwiseConv2dBackpropFilterConfig,
  depthwiseConv2dBackpropInputConfig,
  unsortedSegmentSumConfig,
  // The backend has them, but they are wrong for some shapes, or make a number of NaN.
  ...boundConfigs,
  ...depthwiseConv2dConfigs,
  ...poolConfigs,
  ...plainConfigs,
  preluConfig,
  // Our own ops.
  ...batchNormConfigs,
  ...groupNormConfigs,
  ...groupedConv2dConfigs,
  nesterovUpdateConfig,
  ...reluConfigs,
  // The backend has it, but it does not check its arguments.
  sliceConfig,
  // The backend has them, but they are slow.
  addConfig,
  avgPoolGradConfig,
  batchMatMulConfig,
  castConfig,
  concatConfig,
  conv2dBackpropInputConfig,
  conv2dConfig,
  fusedConv2dConfig,
  fusedMatMulConfig,
  identityConfig,
  maxPoolGradConfig,
  meanConfig,
  splitConfig,
  sumConfig,
  tileConfig,
];

let isRegistered = false;

/**
 * Teaches tfjs's WASM backend to train convolutional networks. It needs no backend yet: call it once before or after
 * `setBackend('wasm')`; later calls do nothing.
 */
export function registerWasmTrainingKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  mendGradients();
  saveTensorsCheaply();
  registerReluGradient();
  const stock = new Map(getKernelsForBackend('wasm').map(kernel => [kernel.kernelName, kernel]));
  for (const kernel of TRAINING_KERNELS) replaceKernel(kernel, stock.get(kernel.kernelName));
}

/** The stock set-up is kept: it binds the WASM function that the stock kernel needs, and ours may call that kernel. */
function replaceKernel(kernel: KernelConfig, stock: KernelConfig | undefined): void {
  if (stock) unregisterKernel(stock.kernelName, stock.backendName);
  registerKernel(stock?.setupFunc ? { ...kernel, setupFunc: stock.setupFunc } : kernel);
}
