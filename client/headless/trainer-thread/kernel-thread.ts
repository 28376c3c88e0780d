import { parentPort } from 'node:worker_threads';
import { type KernelThreadSetup, serveKernels } from '../../trainer/threads/serve-kernels.ts';

/** Entry of a helper thread in Node, within the trainer's. */
parentPort?.once('message', (setup: KernelThreadSetup) =>
  serveKernels(setup, answer => parentPort?.postMessage(answer)),
);
