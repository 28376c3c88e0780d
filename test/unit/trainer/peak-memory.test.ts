import { beforeAll, expect, test } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { openEnvelope } from '../../../shared/codec/envelope.ts';
import { taskMemoryBytes } from '../../../shared/plan/cost/memory.ts';
import { nestedSlices } from '../../../shared/plan/slices/nested-slices.ts';
import { type Task, trainingMetricsSchema } from '../../../shared/protocol/lease.ts';
import { firstOf } from '../../support/extent.ts';
import { leaseJob, studentTask, teacherTask, wholeTask } from '../../support/local-trainer.ts';

const BATCH = 16;
const TASKS = [wholeTask, { ...wholeTask, correction: 0.1 }, studentTask, teacherTask];
const trainer = createTrainer();

beforeAll(async () => {
  await trainer.start({ backend: 'wasm' });
});

/** Estimate and measurement of each task in MB. */
async function memoryOf(
  name: string,
  tasks: readonly Task[],
): Promise<[estimated: number, measured: number][]> {
  const model = await trainer.build({ name, inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const all: [number, number][] = [];
  for (const task of tasks) {
    const job = { ...leaseJob(model, task), batch: BATCH, microBatch: BATCH };
    const envelope = openEnvelope((await trainer.work(job)).envelope);
    if (!envelope.ok) throw new Error(envelope.reason);
    const { peakMemoryMB = Number.NaN } = trainingMetricsSchema.parse(envelope.value.metrics);
    all.push([taskMemoryBytes(model.outline, task, BATCH) / 1e6, peakMemoryMB]);
  }
  return all;
}

test.for(firstOf(1, ['resnext20-8x4', 'vgg16-quarter']))(
  'so is that of a task with half the channels of %s',
  async name => {
    const { outline } = await trainer.build({ name, inputShape: [28, 28, 1], classes: 10, seed: 1 });
    const half = { ...wholeTask, slices: nestedSlices(outline.spaces ?? [], 0.5) };
    const [[estimated, measured] = []] = await memoryOf(name, [half]);
    expect(measured).toBeLessThan((estimated ?? 0) * 1.1 + KEPT_MODELS_MB);
    expect(measured).toBeGreaterThan((estimated ?? Number.NaN) * 0.6);
    expect(estimated).toBeLessThan(0.6 * (taskMemoryBytes(outline, wholeTask, BATCH) / 1e6));
  },
);

test.for(firstOf(2, ['cnn', 'resnext20-8x4', 'cnn-5', 'vgg16-quarter', 'densenet-28-12']))(
  'the memory of a task of %s is known before its lease is taken',
  async name => {
    for (const [estimated, measured] of await memoryOf(name, TASKS)) {
      expect(measured).toBeLessThan(estimated * 1.1 + KEPT_MODELS_MB);
      expect(measured).toBeGreaterThan(estimated * 0.6);
    }
  },
);

/** The trainer keeps models of earlier leases; in this suite at most these. */
const KEPT_MODELS_MB = 12;
