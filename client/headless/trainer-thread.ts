import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createTrainer } from '../trainer/create-trainer.ts';

/** Entry of a worker thread that trains. */
if (!parentPort) throw new Error('the trainer runs in a worker thread');
expose(createTrainer(), nodeEndpoint(parentPort));
