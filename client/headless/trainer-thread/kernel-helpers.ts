import { Worker } from 'node:worker_threads';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { type HelperThread, untilServing } from '../../trainer/threads/helper-thread.ts';

/** A thread that runs kernels for the trainer. It does not keep the process alive. */
export function startNodeHelper(): HelperThread {
  const thread = new Worker(new URL('./kernel-thread.ts', import.meta.url));
  return {
    start: setup =>
      untilServing((settle, fail) => {
        thread.on('message', settle);
        thread.on('error', error => fail(errorText(error)));
        // This comes after the listeners, because adding one would keep the process alive again.
        thread.unref();
        thread.postMessage(setup);
      }),
    terminate: () => void thread.terminate(),
  };
}
