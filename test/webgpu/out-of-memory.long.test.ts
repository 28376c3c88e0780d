import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { createTrainer } from '../../client/trainer/create-trainer.ts';
import type { LeaseJob, LeaseResult, TrainerApi } from '../../client/trainer/trainer-api.ts';
import { openEnvelope } from '../../shared/codec/envelope.ts';
import { type TrainingMetrics, trainingMetricsSchema } from '../../shared/protocol/lease.ts';
import { fewGlyphs, leaseJob, wholeTask } from '../support/local-trainer.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

function metricsOf({ envelope }: LeaseResult): TrainingMetrics {
  const opened = openEnvelope(envelope);
  if (!opened.ok) throw new Error(opened.reason);
  return trainingMetricsSchema.parse(opened.value.metrics);
}

const device = (): GPUDevice => (tf.backend() as WebGPUBackend).device;

/** Does it once, after the first batch of a lease. */
function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

describe.skipIf(noVulkan)('a lease on a WebGPU device', () => {
  let trainer: TrainerApi;
  let job: LeaseJob;

  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
    trainer = createTrainer();
    expect(await trainer.start({ backend: 'webgpu' })).toMatchObject({ backend: 'webgpu', note: null });
    const model = await trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
    const dataset = { ...fewGlyphs, examplesPerPart: 12 };
    job = {
      ...leaseJob(model, wholeTask),
      examples: { kind: 'glyphs', dataset, split: 'train', parts: [0] },
      batch: 4,
      microBatch: 4,
    };
  });

  it('that runs out of memory is done with half the examples at once, and says so', async () => {
    const fill = once(() => tf.fill([device().limits.maxBufferSize / 4 + 1], 1).dispose());
    const result = await trainer.work(job, fill);
    const metrics = metricsOf(result);
    expect(metrics).toMatchObject({ backend: 'webgpu', batch: 2, samples: 12 });
    expect(metrics.fallback).toContain('out of memory');
    expect(Number.isFinite(result.loss)).toBe(true);
  });

  it('is not taken for a broken device if the same lack of memory is reported late', async () => {
    const fail = once(() => {
      const large = tf.fill([device().limits.maxBufferSize / 4 + 1], 1);
      // Its command is held back. Its error comes when the commands of the next lease are carried out.
      tf.dispose([tf.sum(large), large]);
      new ArrayBuffer(Number.MAX_SAFE_INTEGER);
    });
    const metrics = metricsOf(await trainer.work({ ...job, microBatch: 2 }, fail));
    expect(metrics).toMatchObject({ backend: 'webgpu', batch: 1, samples: 12 });
  });
});
