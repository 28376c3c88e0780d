import { beforeAll, describe, expect } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import { networks } from '../support/networks/networks.ts';
import { stepSuite } from '../support/networks/step-suite.ts';
import { asKeras3 } from '../support/networks/write-keras3.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

describe.skipIf(noVulkan)('on WebGPU', () => {
  const trainer = createTrainer();

  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
    expect(await trainer.start({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu', note: null });
  });

  stepSuite(trainer, networks, { 'Keras 3': { write: asKeras3, meaning: 3 } });
});
