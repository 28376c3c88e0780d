import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { installWebgpu } from '../../client/headless/trainer-thread/node-webgpu.ts';
import { compileAhead } from '../../client/trainer/backends/compile-ahead.ts';
import { startWebgpu, takeGpuFailure } from '../../client/trainer/backends/start-webgpu.ts';
import { loadExamples, pixelSource } from '../../client/trainer/examples/examples.ts';
import { WorkPace } from '../../client/trainer/lease/work-pace.ts';
import { buildModel } from '../../client/trainer/models/build-model.ts';
import { SegmentModels } from '../../client/trainer/models/segment-models.ts';
import { NesterovSgd } from '../../client/trainer/training/nesterov-sgd.ts';
import {
  addMicroBatch,
  applyUpdate,
  type Training,
  trainStep,
} from '../../client/trainer/training/train-step.ts';
import { leaseJob, wholeTask } from '../support/local-trainer.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

const BATCH = 4;

async function prepareTraining(): Promise<Training> {
  const request = { name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 } as const;
  const job = { ...leaseJob(await buildModel(request), wholeTask), batch: BATCH, microBatch: BATCH };
  const models = new SegmentModels();
  const loaded = Object.fromEntries(
    await Promise.all(
      wholeTask.trains.map(async id => {
        const files = job.segments[id];
        if (!files) throw new Error(`no segment ${id}`);
        return [id, await models.load(files)] as const;
      }),
    ),
  );
  const examples = loadExamples(job.examples);
  const { momentum, weightDecay } = job;
  return {
    job,
    loaded,
    source: pixelSource(examples),
    labels: examples.labels,
    optimizer: new NesterovSgd({ momentum, weightDecay }),
  };
}

const indices = Uint32Array.from({ length: BATCH }, (_, i) => i);

/** Every call by which values come from the device. */
const watchReads = () => [
  vi.spyOn(tf.backend() as WebGPUBackend, 'read'),
  vi.spyOn(tf.backend() as WebGPUBackend, 'readSync'),
  vi.spyOn(GPUBuffer.prototype, 'mapAsync'),
];

const countOf = (spies: readonly { mock: { calls: readonly unknown[] } }[]): number =>
  spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);

describe.skipIf(noVulkan)('training steps on WebGPU', () => {
  let training: Training;

  beforeAll(async () => {
    expect(await installWebgpu()).toBeNull();
    await startWebgpu();
    await tf.setBackend('webgpu');
    training = await prepareTraining();
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  const variables = (): tf.Variable[] => Object.values(training.loaded).flatMap(({ variables }) => variables);

  const step = () => trainStep(training, indices, 0, new WorkPace(BATCH));

  it('are compiled ahead, which changes no weight', async () => {
    const before = await Promise.all(variables().map(variable => variable.data()));
    await compileAhead(() => void applyUpdate(training, addMicroBatch(training, null, indices, 1), 0));
    const after = await Promise.all(variables().map(variable => variable.data()));
    expect(after).toEqual(before);
    // The velocities were made by a step that computed nothing.
    training.optimizer.dispose();
    const compiled = vi.spyOn(GPUDevice.prototype, 'createComputePipeline');
    (await step()).dispose();
    expect(compiled).not.toHaveBeenCalled();
  });

  it('read nothing back, keep their weights on the device, and leave no tensor behind', async () => {
    const [first] = await (await step()).data();
    const tensors = tf.memory().numTensors;
    const reads = watchReads();
    for (let i = 1; i < 5; i++) (await step()).dispose();
    expect(countOf(reads)).toBe(0);
    expect(tf.memory().numTensors).toBe(tensors);
    const { tensorMap } = tf.backend() as WebGPUBackend;
    for (const variable of variables()) expect(tensorMap.get(variable.dataId).values).toBeFalsy();
    const loss = await step();
    const [last] = await loss.data();
    expect(countOf(reads)).toBeGreaterThan(0);
    expect(last).toBeLessThan(first ?? 0);
    expect(takeGpuFailure()).toBeNull();
  });
});
