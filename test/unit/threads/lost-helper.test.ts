import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import {
  type HelperThread,
  makeHelpersBy,
  untilServing,
} from '../../../client/trainer/threads/helper-thread.ts';
import { leaseJob, wholeTask } from '../../support/local-trainer.ts';

const flag = new SharedArrayBuffer(4);

function startFailingHelper(): HelperThread {
  const thread = new Worker(new URL('../../support/failing-helper.ts', import.meta.url), {
    workerData: flag,
  });
  return {
    start: setup =>
      untilServing(settle => {
        thread.on('message', settle);
        thread.postMessage(setup);
      }),
    terminate: () => void thread.terminate(),
  };
}

it('a lease whose helper thread fails is trained on one thread, to the same loss, and says so', async () => {
  makeHelpersBy(startFailingHelper);
  const trainer = createTrainer();
  expect(await trainer.start({ backend: 'wasm', threads: 2 })).toMatchObject({ threads: 2, note: null });
  const model = await trainer.build({ name: 'cnn', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const job = leaseJob(model, { ...wholeTask, epochs: 4 });
  const onTwo = await trainer.work(job);
  expect(onTwo).toMatchObject({ device: { backend: 'wasm', threads: 2 } });

  Atomics.store(new Int32Array(flag), 0, 1);
  const onOne = await trainer.work(job);
  expect(onOne).toMatchObject({
    loss: onTwo.loss,
    device: { backend: 'wasm', threads: 1 },
    fallback: '1 thread: a kernel failed on a helper thread',
  });
  expect(await trainer.work(job)).toMatchObject({ loss: onTwo.loss, device: { threads: 1 } });
});
