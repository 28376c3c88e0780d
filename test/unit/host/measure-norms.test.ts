import { beforeAll, describe, expect, it } from 'vitest';
import { measureNorms } from '../../../client/host/measure-norms.ts';
import type { BuiltModel, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { fewGlyphs, startLocalTrainer } from '../../support/local-trainer.ts';

const spec = runSpecSchema.parse({
  ...{ name: 'measured', seed: 1, dataset: fewGlyphs, plan: { name: 'layer-to-layer' }, rounds: 3 },
});
/** Nothing is downloaded: glyphs are drawn here. */
const client = { getBlob: () => Promise.reject(new Error('nothing is hosted')) };

describe('the norms that the host’s machine finds', () => {
  let trainer: TrainerApi;
  let model: BuiltModel;
  beforeAll(async () => {
    ({ trainer, model } = await startLocalTrainer());
  });

  it('are of an update of each kind of task, on version 0', async () => {
    const work: TrainerApi['work'] = job => trainer.work(job);
    const { norms, missing } = await measureNorms({ work }, client, spec, model);
    expect(Object.keys(norms)).toEqual(['segment-1,head-1', 'segment-2']);
    expect(missing).toEqual([]);
    for (const norm of Object.values(norms)) {
      expect(norm).toBeGreaterThan(0.01);
      expect(norm).toBeLessThan(10);
    }
    expect(await measureNorms({ work }, client, spec, model)).toEqual({ norms, missing });
  });

  it('are left out, and named, if a lease fails', async () => {
    const work: TrainerApi['work'] = job =>
      job.task.role === 'teacher' ? Promise.reject(new Error('no memory')) : trainer.work(job);
    const { norms, missing } = await measureNorms({ work }, client, spec, model);
    expect(Object.keys(norms)).toEqual(['segment-1,head-1']);
    expect(missing).toEqual(['segment-2']);
  });
});
