import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal } from '../support/faulty-link.ts';
import { isBlob, isUpdate, LinkedVolunteer } from '../support/linked-volunteer.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { until } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();
let bench: LinkedVolunteer;

beforeEach(async () => {
  bench = await LinkedVolunteer.open(platform.client.origin);
});
afterEach(() => bench.close());

test('what was downloaded, ahead or not, is told once', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer(50);
  const end = await bench.start(run, trainer, new MemoryStore());
  const told = trainer.jobs.map(({ downloadBytes }) => downloadBytes);
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(end.bytesDown);
  expect(bench.link.seen.filter(isBlob)).toHaveLength(new Set(bench.link.seen.filter(isBlob)).size);
});

test('what was downloaded for a lease given back is told with the next one', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(run, trainer, new MemoryStore());
  await until(async () => bench.status.held.length === 2, 'a lease ahead');
  bench.control.pause();
  await until(async () => bench.status.activity === 'paused', 'the pause');
  bench.control.resume();
  await until(async () => trainer.jobs.length === 2, 'work after the pause');
  expect(trainer.jobs[1]?.downloadBytes).toBe(bench.status.bytesDown);
  expect(bench.status.bytesDown).toBeGreaterThan(0);
  bench.control.stop();
  await end;
});

test('what was downloaded for an update that was refused is told with another', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.failFirst(1, isUpdate, refusal);
  const trainer = ScriptedTrainer.held(1);
  const stopped = bench.start(run, trainer, new MemoryStore());
  await until(async () => bench.status.refused === 1, 'the refusal');
  trainer.letGo();
  const end = await stopped;
  const [, ...got] = trainer.jobs.map(({ downloadBytes }) => downloadBytes);
  expect(got.reduce((sum, bytes) => sum + bytes, 0)).toBe(end.bytesDown);
});
