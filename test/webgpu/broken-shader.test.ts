import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { BackendLostError } from '../../client/trainer/backends/backend-errors.ts';
import { compileAhead } from '../../client/trainer/backends/compile-ahead.ts';
import { backendFailure } from '../../client/trainer/backends/start-backend.ts';
import { settleGpu } from '../../client/trainer/backends/start-webgpu.ts';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import type { CompileJob, LeaseJob, TrainerApi } from '../../client/trainer/trainer-api.ts';
import { fewGlyphs, leaseJob, wholeTask } from '../support/local-trainer.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

const inputShape = [28, 28, 1] as const;

/** What tfjs compiles, with a line that no driver accepts. */
const brokenProgram = (outputShape: number[]) => ({
  outputShape,
  dispatchLayout: { x: outputShape.map((_, axis) => axis) },
  dispatch: [1, 1, 1] as [number, number, number],
  workgroupSize: [64, 1, 1] as [number, number, number],
  variableNames: ['x'],
  shaderKey: 'broken',
  size: true,
  getUserCode: () => 'this is no shader',
});

function relu({ inputs }: { inputs: unknown }): tf.TensorInfo {
  const { x } = inputs as { x: tf.TensorInfo };
  return (tf.backend() as WebGPUBackend).runWebGPUProgram(brokenProgram(x.shape), [x], 'float32');
}

describe.skipIf(noVulkan)('a shader that does not compile', () => {
  const trainer: TrainerApi = createTrainer();
  let job: LeaseJob;
  let right: tf.KernelConfig;

  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
    expect(await trainer.start({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu', note: null });
    const model = await trainer.build({ name: 'cnn-tiny', inputShape, classes: 10, seed: 1 });
    const dataset = { ...fewGlyphs, examplesPerPart: 8 };
    job = {
      ...leaseJob(model, wholeTask),
      examples: { kind: 'glyphs', dataset, split: 'train', parts: [0] },
      batch: 4,
      microBatch: 4,
    };
    right = tf.getKernel('Relu', 'webgpu');
    tf.unregisterKernel('Relu', 'webgpu');
    tf.registerKernel({ kernelName: 'Relu', backendName: 'webgpu', kernelFunc: relu });
  });

  afterEach(async () => {
    await settleGpu();
  });

  it('is reported, and leaves nothing that others wait for', async () => {
    const compiling = compileAhead(() => void tf.relu(tf.ones([2, 2])));
    await expect(compiling).rejects.toBeInstanceOf(BackendLostError);
    await settleGpu();
    expect(backendFailure()).not.toBeNull();
    const doubled = tf.mul(tf.ones([4]), 2);
    expect([...(await doubled.data())]).toEqual([2, 2, 2, 2]);
  });

  it('hands the task over to the next backend, which does its leases', async () => {
    const compileJob: CompileJob = { ...job, inputShape };
    const device = await trainer.compile(compileJob);
    expect(device.backend).toBe('wasm');
    expect(device.note).toMatch(/^webgpu failed \(the graphics device failed: .*\); training on wasm$/s);
    const { samples, fallback, device: used } = await trainer.work(job);
    expect({ samples, fallback, backend: used.backend }).toEqual({
      samples: 8,
      fallback: device.note,
      backend: 'wasm',
    });
    tf.unregisterKernel('Relu', 'webgpu');
    tf.registerKernel(right);
  });
});
