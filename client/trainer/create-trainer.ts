import { transfer } from 'comlink';
import { startBackend } from './backends/start-backend.ts';
import { buildModel } from './build-model.ts';
import { SegmentModels } from './segment-models.ts';
import type { StartedTrainer, TrainerApi, TrainerOptions } from './trainer-api.ts';
import { type LeaseWork, workLease } from './work-lease.ts';

/** The trainer behind comlink: one backend, one lease at a time. */
export function createTrainer(): TrainerApi {
  const models = new SegmentModels();
  let started: Promise<StartedTrainer> | null = null;
  let current: LeaseWork | null = null;
  return {
    start: options => {
      started ??= startTimed(options);
      return started;
    },
    work: async (job, onProgress) => {
      if (!started) throw new Error('the trainer was not started');
      current = workLease(job, models, await started, onProgress);
      try {
        const result = await current.result;
        return transfer(result, [result.envelope.buffer as ArrayBuffer]);
      } finally {
        current = null;
      }
    },
    cancel: () => current?.pace.cancel(),
    build: async request => buildModel(request),
  };
}

async function startTimed(options: TrainerOptions): Promise<StartedTrainer> {
  const startedAt = performance.now();
  const info = await startBackend(options);
  return { ...info, startMs: performance.now() - startedAt };
}
