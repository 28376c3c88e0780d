import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createTrainer } from '../../trainer/create-trainer.ts';
import type { StartedTrainer, TrainerApi, TrainerOptions } from '../../trainer/trainer-api.ts';
import { prepareTrainer } from './prepare-trainer.ts';

/** Entry of the thread that trains. */
if (!parentPort) throw new Error('the trainer runs in a thread of its own');
const trainer = createTrainer();

async function start(options: TrainerOptions): Promise<StartedTrainer> {
  const lacking = await prepareTrainer(options.backend);
  const started = await trainer.start(options);
  return lacking === null ? started : { ...started, note: [lacking, started.note].join('; ') };
}

expose({ ...trainer, start } satisfies TrainerApi, nodeEndpoint(parentPort));
