import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import { registerCpuKernels } from '../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import type { BuiltModel } from '../../client/trainer/trainer-api.ts';
import { buildNetwork } from '../support/networks/network-step.ts';
import { networks } from '../support/networks/networks.ts';
import { stepSuite } from '../support/networks/step-suite.ts';
import { asKeras3 } from '../support/networks/write-keras3.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

/** A network's weights are read at once when it is cut. Node has no canvas, by which tfjs does that on WebGPU. */
async function buildOnCpu(...network: Parameters<typeof buildNetwork>): Promise<BuiltModel> {
  registerCpuKernels();
  await tf.setBackend('cpu');
  try {
    return await buildNetwork(...network);
  } finally {
    await tf.setBackend('webgpu');
  }
}

describe.skipIf(noVulkan)('on WebGPU', () => {
  const trainer = createTrainer();

  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
    expect(await trainer.start({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu', note: null });
  });

  stepSuite(trainer, networks, { 'Keras 3': { write: asKeras3, meaning: 3 } }, buildOnCpu);
});
