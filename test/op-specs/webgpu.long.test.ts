import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describe } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { startWebgpu, WEBGPU_FLAGS } from '../../client/trainer/backends/start-webgpu.ts';
import webgpu from '../support/op-specs/known-failures/webgpu.json' with { type: 'json' };
import webgpuByDriver from '../support/op-specs/known-failures/webgpu-by-driver.json' with { type: 'json' };
import { holdSpecs } from '../support/op-specs/spec-suite.ts';
import { findVulkan } from '../support/vulkan.ts';

describe.skipIf(findVulkan())('on WebGPU', () => {
  holdSpecs({
    backend: 'webgpu',
    flags: WEBGPU_FLAGS,
    start: async () => {
      await installWebgpu();
      await startWebgpu();
    },
    knownFailures: webgpu,
    failsOnSomeDrivers: webgpuByDriver,
  });
});
