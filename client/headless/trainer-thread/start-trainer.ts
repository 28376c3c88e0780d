import { Worker } from 'node:worker_threads';
import { type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { TrainerApi } from '../../trainer/trainer-api.ts';

export interface TrainerThread {
  readonly trainer: Remote<TrainerApi>;
  stop(): Promise<unknown>;
}

/** A trainer in a thread of its own. */
export function startTrainer(): TrainerThread {
  const thread = new Worker(new URL('./trainer-thread.ts', import.meta.url));
  return { trainer: wrap<TrainerApi>(nodeEndpoint(thread)), stop: () => thread.terminate() };
}
