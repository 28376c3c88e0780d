import { type KernelThreadSetup, serveKernels } from './serve-kernels.ts';

/** Entry of a helper thread in a browser: a dedicated module worker within the trainer's. */
addEventListener(
  'message',
  (event: MessageEvent<KernelThreadSetup>) => serveKernels(event.data, report => postMessage(report)),
  { once: true },
);
