import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTrainer, type TrainerThread } from '../../client/headless/trainer-thread/start-trainer.ts';
import type { LeaseJob, LeaseResult } from '../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope } from '../../shared/codec/envelope.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import { trainingMetricsSchema } from '../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import { fewGlyphs, leaseJob, wholeTask } from '../support/local-trainer.ts';
import { findVulkan } from '../support/vulkan.ts';

const noVulkan = findVulkan();

function openUpdate(result: LeaseResult, outline: ModelOutline) {
  const envelope = openEnvelope(result.envelope);
  if (!envelope.ok) throw new Error(envelope.reason);
  const tensors = expectedTensors(outline, wholeTask.trains);
  const values = decodeUpdate(envelope.value, { codec: { name: 'f32' }, tensors });
  if (!values.ok) throw new Error(`${values.reason} ${values.detail}`);
  return { deltas: values.value, metrics: trainingMetricsSchema.parse(envelope.value.metrics) };
}

const largest = (tensors: readonly Float32Array[]): number =>
  Math.max(...tensors.flatMap(tensor => [...tensor].map(Math.abs)));

describe.skipIf(noVulkan)('a headless trainer on WebGPU', () => {
  const threads: TrainerThread[] = [];
  let job: LeaseJob;
  let outline: ModelOutline;

  const start = (): TrainerThread => {
    const thread = startTrainer();
    threads.push(thread);
    return thread;
  };

  beforeAll(async () => {
    const { trainer } = start();
    await trainer.start({ backend: 'cpu' });
    const model = await trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
    outline = model.outline;
    const dataset = { ...fewGlyphs, examplesPerPart: 12 };
    job = {
      ...leaseJob(model, wholeTask),
      examples: { kind: 'glyphs', dataset, split: 'train', parts: [0] },
      batch: 4,
      microBatch: 4,
    };
  });

  afterEach(async () => {
    await Promise.all(threads.splice(0).map(thread => thread.stop()));
  });

  it('makes the same update of a lease as WASM', async () => {
    const updates = [];
    for (const backend of ['webgpu', 'wasm'] as const) {
      const { trainer } = start();
      expect(await trainer.start({ backend })).toMatchObject({ backend });
      updates.push(openUpdate(await trainer.work(job), outline));
    }
    const [gpu, wasm] = updates;
    expect(gpu?.metrics.backend).toBe('webgpu');
    const differences = (gpu?.deltas ?? []).map((tensor, i) =>
      tensor.map((value, j) => value - (wasm?.deltas[i]?.[j] ?? Number.NaN)),
    );
    expect(differences.length).toBeGreaterThan(0);
    expect(largest(differences)).toBeLessThan(1e-3 * largest(wasm?.deltas ?? []));
  });
});
