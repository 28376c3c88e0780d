import { transfer } from 'comlink';
import { firstSamples } from './answers/first-samples.ts';
import { measureMacs } from './backends/measure-macs.ts';
import { startBackend } from './backends/start-backend.ts';
import { LeaseRunner } from './lease/lease-runner.ts';
import { buildModel } from './models/build-model.ts';
import { ModelRefusal } from './models/model-graph.ts';
import type { StartedTrainer, TrainerApi, TrainerOptions } from './trainer-api.ts';

interface Started {
  readonly info: StartedTrainer;
  readonly runner: LeaseRunner;
}

/** The trainer behind comlink: one backend at a time, one lease at a time. */
export function createTrainer(): TrainerApi {
  let starting: Promise<Started> | null = null;
  let runner: LeaseRunner | null = null;
  const started = (): Promise<Started> => {
    if (!starting) throw new Error('the trainer was not started');
    return starting;
  };
  return {
    start: async options => {
      starting ??= start(options);
      const { info } = await starting;
      return info;
    },
    compile: async job => (await started()).runner.compile(job),
    work: async (job, onProgress) => {
      ({ runner } = await started());
      const result = await runner.work(job, onProgress).catch(error => {
        throw inWords(error);
      });
      return transfer(result, [result.envelope.buffer as ArrayBuffer]);
    },
    losses: async job => (await started()).runner.losses(job),
    predict: async job => (await started()).runner.predict(job),
    test: async job => {
      ({ runner } = await started());
      return runner.test(job);
    },
    cancelTest: () => runner?.cancelTest(),
    samples: async (source, most) => firstSamples(source, most),
    measure: async () => {
      await started();
      return measureMacs();
    },
    setEffort: async share => (await started()).runner.setEffort(share),
    cancel: () => runner?.cancel(),
    build: async request => buildModel(request),
  };
}

/**
 * An engine's words for a stack that is full, in V8, WebKit and Gecko. A network that is deeper than this device can follow
 * is the lease's fault.
 */
const isStackFull = (error: unknown): boolean =>
  error instanceof Error && /call stack|too much recursion/i.test(error.message);

const inWords = (error: unknown): unknown =>
  isStackFull(error)
    ? new ModelRefusal('the layers of this network stand deeper in one another than this device can follow')
    : error;

async function start(options: TrainerOptions): Promise<Started> {
  const startedAt = performance.now();
  const device = await startBackend(options);
  const info = { ...device, startMs: performance.now() - startedAt };
  return { info, runner: new LeaseRunner(device) };
}
