import { parentPort } from 'node:worker_threads';
import { type KernelThreadSetup, serveKernels } from '../../trainer/threads/serve-kernels.ts';

/** Entry of a helper thread in Node. The trainer's thread starts it. */
parentPort?.once('message', (setup: KernelThreadSetup) =>
  serveKernels(setup, reply => parentPort?.postMessage(reply)),
);
