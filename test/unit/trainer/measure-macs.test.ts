import { expect, test } from 'vitest';
import { quickestMs } from '../../../client/trainer/backends/measure-macs.ts';
import { startLocalTrainer } from '../../support/local-trainer.ts';

/** Steps that take these many ms one after the other, and then the last of them again and again. */
function timed(...takes: readonly number[]) {
  let [time, steps] = [0, 0];
  const step = async (): Promise<void> => {
    time += takes[Math.min(steps++, takes.length - 1)] ?? 0;
  };
  return { measure: () => quickestMs(step, () => time), steps: () => steps };
}

test('a step in which the system ran something else does not make a device slow', async () => {
  const { measure, steps } = timed(90, 12, 10, 40, 11);
  expect(await measure()).toBe(10);
  expect(steps()).toBe(5);
});

test('a slow device is timed once or twice, and is slow', async () => {
  const { measure, steps } = timed(150, 140);
  expect(await measure()).toBe(140);
  expect(steps()).toBe(2);
});

test('a trainer that runs measures its device once more if it is asked to', async () => {
  const { trainer } = await startLocalTrainer();
  expect(await trainer.measure()).toBeGreaterThan(0);
});
