import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { startWebgpu, takeGpuFailure } from '../../client/trainer/backends/start-webgpu.ts';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { groupFailures, missingKernels } from '../support/conformance.ts';
import { isEverything } from '../support/extent.ts';
import { casesOf, fewestCasesOf } from '../support/kernel-cases.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

const groups = isEverything ? casesOf('webgpu') : fewestCasesOf('webgpu', 23);

describe.skipIf(noVulkan)('on WebGPU', () => {
  beforeAll(async () => {
    registerCpuKernels();
    expect(await installWebgpu()).toBeNull();
    await tf.setBackend('cpu');
    await startWebgpu();
    await tf.setBackend('webgpu');
  });

  it.each(groups)('$name: has its kernels, and makes what the CPU backend makes', async group => {
    expect(missingKernels('webgpu', group)).toEqual([]);
    expect(await groupFailures('webgpu', group)).toEqual([]);
    expect(takeGpuFailure()).toBeNull();
  });
});
