import { afterAll, expect, it } from 'vitest';
import { startTrainer } from '../../../client/headless/trainer-thread/start-trainer.ts';
import { constantRate, leaseJob, wholeTask } from '../../support/local-trainer.ts';

const thread = startTrainer();

afterAll(() => thread.stop());

it('a lease that diverges in a thread of its own is known by its name outside, and the next one trains', async () => {
  const { trainer } = thread;
  await trainer.start({ backend: 'wasm' });
  const model = await trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const task = { ...wholeTask, epochs: 3, schedule: constantRate(1e20) };
  await expect(trainer.work(leaseJob(model, task))).rejects.toMatchObject({
    name: 'DivergedError',
    message: 'the loss is not a finite number: the learning rate is too high for this network',
  });
  const { fallback, loss } = await trainer.work(leaseJob(model, wholeTask));
  expect(fallback).toBeUndefined();
  expect(loss).toBeLessThan(3);
});
