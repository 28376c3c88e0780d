import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { startWebgpu, takeGpuFailure } from '../../client/trainer/backends/start-webgpu.ts';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { groupFailures } from '../support/conformance.ts';
import { layerCases } from '../support/layer-cases.ts';
import { findVulkan } from '../support/vulkan.ts';

/** Of each class; each case compiles shaders of its own. */
const SETTINGS = 4;

describe.skipIf(findVulkan())('layers on WebGPU', () => {
  beforeAll(async () => {
    registerCpuKernels();
    await tf.setBackend('cpu');
    await installWebgpu();
    await startWebgpu();
    await tf.setBackend('webgpu');
  });

  it.each(layerCases(SETTINGS))('$name: outputs and gradients as on the CPU backend', async group => {
    expect(await groupFailures('webgpu', group)).toEqual([]);
    expect(takeGpuFailure()).toBeNull();
  });
});
