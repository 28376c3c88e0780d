import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import type { BuiltModel, CompileJob, LeaseJob, TrainerApi } from '../../client/trainer/trainer-api.ts';
import { openEnvelope } from '../../shared/codec/envelope.ts';
import { type Task, trainingMetricsSchema } from '../../shared/protocol/lease.ts';
import { evaluatorTask, fewGlyphs, leaseJob, studentTask, teacherTask } from '../support/local-trainer.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

const inputShape = [28, 28, 1] as const;

const fewest = { ...fewGlyphs, examplesPerPart: 16 };

const metricsOf = (envelope: Uint8Array) => {
  const opened = openEnvelope(envelope);
  if (!opened.ok) throw new Error(opened.reason);
  return trainingMetricsSchema.parse(opened.value.metrics);
};

describe.skipIf(noVulkan)('a trainer on WebGPU', () => {
  const trainer: TrainerApi = createTrainer();
  let model: BuiltModel;
  const jobOf = (task: Task): LeaseJob => {
    const split = task.role === 'evaluator' ? 'test' : 'train';
    const examples = { kind: 'glyphs', dataset: fewest, split, parts: [0] } as const;
    return { ...leaseJob(model, task), examples, batch: 8, microBatch: 8 };
  };
  const compileJob = (task: Task): CompileJob => ({ ...jobOf(task), inputShape });

  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
    expect(await trainer.start({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu' });
    model = await trainer.build({ name: 'cnn-tiny', inputShape, classes: 10, seed: 1 });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([studentTask, teacherTask, evaluatorTask])(
    'compiles before the lease what it needs as $role, and leaves no tensor',
    async task => {
      await trainer.compile(compileJob(task));
      const before = tf.memory().numTensors;
      await trainer.compile(compileJob(task));
      expect(tf.memory().numTensors).toBe(before);
      const compiled = vi.spyOn(GPUDevice.prototype, 'createComputePipeline');
      await trainer.work(jobOf(task));
      expect(compiled).not.toHaveBeenCalled();
    },
  );

  it('finishes the lease in hand on the next backend if the device is lost, and says so', async () => {
    const onWebgpu = await trainer.work(jobOf(studentTask));
    expect(metricsOf(onWebgpu.envelope)).toMatchObject({ backend: 'webgpu', threads: 1, batch: 8 });
    expect(onWebgpu.fallback).toBeUndefined();

    const { device } = tf.backend() as WebGPUBackend;
    const result = await trainer.work(jobOf({ ...studentTask, epochs: 4 }), () => device.destroy());
    const { backend, samples, fallback } = metricsOf(result.envelope);
    expect({ backend, samples }).toEqual({ backend: 'wasm', samples: 4 * 16 });
    expect(fallback).toMatch(/^webgpu failed \(the graphics device failed.*; training on wasm$/);
    expect(result.fallback).toBe(fallback);
    expect((await trainer.work(jobOf(teacherTask))).samples).toBe(16);
  });
});
