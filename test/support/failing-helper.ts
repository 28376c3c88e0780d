import { parentPort, workerData } from 'node:worker_threads';
import { JobBoard } from '../../client/trainer/threads/job-board.ts';
import { callerOf, type KernelThreadSetup } from '../../client/trainer/threads/serve-kernels.ts';

/** Entry of a helper thread that serves like any other until its starter sets the flag: then its kernels fail. */
const flag = new Int32Array(workerData as SharedArrayBuffer);

parentPort?.once('message', (setup: KernelThreadSetup) => {
  const call = callerOf(setup);
  parentPort?.postMessage({ failure: null });
  new JobBoard(setup.board).serve((...job) => {
    if (Atomics.load(flag, 0) === 1) throw new Error('no core left for this thread');
    call(...job);
  }, setup.place);
});
