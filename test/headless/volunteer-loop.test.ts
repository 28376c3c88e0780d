import { afterEach, beforeEach, expect, test } from 'vitest';
import { rest } from '../../client/platform/rest.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { isAsk, isBlob, isUpdate, LinkedVolunteer } from '../support/linked-volunteer.ts';
import { entriesOf, until, viewWhen } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();
let bench: LinkedVolunteer;

beforeEach(async () => {
  bench = await LinkedVolunteer.open(platform.client.origin);
});
afterEach(() => bench.close());

test('a volunteer trains a run to its end alone', async () => {
  const { run } = await createTinyRun(platform.client);
  const end = await bench.start(run, new ScriptedTrainer());
  expect(end).toMatchObject({ activity: 'stopped', refused: 0, lease: null });
  expect((await platform.client.run(run)).view).toMatchObject({ phase: 'finished', version: 3, refused: 0 });
});

test('connections that break within a reply cost no more than the lease in hand', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.failFirst(3, request => isBlob(request) || request.endsWith('/leases'), 'cut');
  const end = await bench.start(run, new ScriptedTrainer());
  expect(end.activity).toBe('stopped');
  expect((await platform.client.run(run)).view.phase).toBe('finished');
});

test('an update whose reply was lost is sent again and counts once', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.failFirst(1, request => request.endsWith('/update'), 'cut');
  const end = await bench.start(run, new ScriptedTrainer());
  const { view } = await platform.client.run(run);
  expect(view).toMatchObject({ phase: 'finished', accepted: end.contributions });
});

test('a pause that comes while a lease is asked for trains nothing, and gives the lease back', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer();
  bench.link.fault = request => {
    if (request.endsWith('/leases')) bench.control.pause();
    return 'pass';
  };
  const end = bench.start(run, trainer);
  await until(async () => bench.status.activity === 'paused', 'the pause');
  expect(trainer.jobs).toEqual([]);
  const ended = await until(
    async () => (await entriesOf(platform.client, run, 'lease-ended'))[0],
    'the release',
  );
  expect(ended.why).toBe('the volunteer paused');
  bench.control.stop();
  await end;
});

test('the next lease trains while the last update is still on its way', async () => {
  const { run } = await createTinyRun(platform.client);
  const letPass = bench.holdUpdates();
  const trainer = ScriptedTrainer.held(1);
  const end = bench.start(run, trainer);
  await until(async () => trainer.jobs.length === 2, 'a second lease in training');
  expect(bench.status).toMatchObject({ activity: 'training', contributions: 0 });
  expect((await platform.client.run(run)).view.accepted).toBe(0);
  letPass();
  bench.control.stop();
  await end;
});

test('with a lease in training and one ahead, a pause gives both back, and the loop goes on after it', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(run, trainer);
  await until(async () => bench.status.held.length === 2, 'a lease ahead');
  expect(bench.status.activity).toBe('training');
  bench.control.pause();
  const ended = await until(async () => {
    const found = await entriesOf(platform.client, run, 'lease-ended');
    return found.length === 2 && found;
  }, 'the releases');
  expect(ended.map(({ why }) => why)).toEqual(['the volunteer paused', 'the volunteer paused']);
  expect(bench.status).toMatchObject({ activity: 'paused', held: [] });
  bench.control.resume();
  await until(async () => trainer.jobs.length === 2, 'work after the pause');
  bench.control.stop();
  await end;
});

test('"finish this task, then stop" gives back what was asked for ahead', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(run, trainer);
  await until(async () => bench.status.held.length === 2, 'a lease ahead');
  bench.control.finishThenStop();
  trainer.letGo();
  expect(await end).toMatchObject({ activity: 'stopped', contributions: 1, held: [] });
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).toEqual(['the volunteer stopped']);
});

test('a second thought after "finish this task" goes on', async () => {
  const { run } = await createTinyRun(platform.client);
  const end = bench.start(run, new ScriptedTrainer(50));
  await viewWhen(platform.client, run, view => view.accepted > 0, 'a first update');
  bench.control.finishThenStop();
  bench.control.resume();
  await end;
  expect((await platform.client.run(run)).view.phase).toBe('finished');
});

test('a blob that is not to be had is no reason to ask for lease after lease, though each release comes back as news', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.link.fault = request => (isBlob(request) ? { status: 404 } : 'pass');
  bench.link.delay = request => (request.includes('/events') ? 100 : 0);
  const end = bench.start(run, new ScriptedTrainer());
  await until(async () => bench.status.note?.includes('trying again'), 'a word about the blob');
  await rest(2_000);
  expect(bench.link.seen.filter(isAsk).length).toBeLessThanOrEqual(3);
  bench.control.stop();
  await end;
});

test('a resume that comes while leases are given back is heard', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.link.delay = request => (request.endsWith('/release') ? 200 : 0);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(run, trainer);
  await until(async () => bench.status.held.length === 2, 'a lease ahead');
  bench.control.pause();
  const isRelease = (request: string): boolean => request.endsWith('/release');
  await until(async () => bench.link.seen.filter(isRelease).length === 2, 'the second release');
  bench.control.resume();
  await until(async () => trainer.jobs.length === 2, 'work after the pause');
  bench.control.stop();
  await end;
});

test('a platform of another version ends the volunteer, who is told so', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.link.fault = request => (isAsk(request) ? { status: 200 } : 'pass');
  const note = `the platform at ${bench.origin} speaks another version: update homeroom`;
  await expect(bench.start(run, new ScriptedTrainer())).rejects.toThrow(note);
  expect(bench.status).toMatchObject({ activity: 'failed', note });
  expect(bench.link.seen.filter(isAsk)).toHaveLength(1);
});

test('"finish this task, then stop" ends the asking where the platform is away', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.link.fault = request => (isAsk(request) ? { status: 503 } : 'pass');
  const end = bench.start(run, new ScriptedTrainer());
  await until(async () => bench.status.activity === 'waiting', 'a volunteer that waits for the platform');
  const asked = bench.link.seen.filter(isAsk).length;
  bench.control.finishThenStop();
  expect(await end).toMatchObject({ activity: 'stopped', lease: null });
  expect(bench.link.seen.filter(isAsk)).toHaveLength(asked);
});

test('a lease that was being asked for at a stop is given back', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.link.delay = request => (isAsk(request) ? 200 : 0);
  const end = bench.start(run, new ScriptedTrainer());
  await until(async () => bench.link.seen.some(isAsk), 'the ask');
  bench.control.stop();
  await end;
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).toEqual(['the volunteer stopped']);
});

test('an update that does not get through is no refusal, and its lease is given back if nothing keeps the update', async () => {
  const { run } = await createTinyRun(platform.client);
  bench.link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  bench.limits = { ...timeLimits, lastSendMs: 500 };
  const trainer = ScriptedTrainer.held();
  const end = bench.start(run, trainer);
  await until(async () => bench.status.activity === 'training', 'a lease in training');
  bench.control.finishThenStop();
  trainer.letGo();
  expect(await end).toMatchObject({ contributions: 0, refused: 0, held: [], sending: [] });
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).toContain('the update did not get through');
});
