import { afterEach, beforeEach, expect, test } from 'vitest';
import { rest } from '../../client/platform/rest.ts';
import { isUpdate, LinkedVolunteer } from '../support/linked-volunteer.ts';
import { entriesOf, until, viewWhen } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();
let bench: LinkedVolunteer;

beforeEach(async () => {
  bench = await LinkedVolunteer.open(platform.client.origin);
});
afterEach(() => bench.close());

test('[PUB3] a synchronous round that closes ends the training for it, and no update is sent that comes too late', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500, rounds: 'synchronous' as const };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(tiny.run, trainer);
  await until(async () => trainer.jobs.length === 1, 'a lease in training');
  await train(platform.client, tiny, other, () => 0.25);
  await until(async () => trainer.jobs.length === 2, 'a lease of the next round');
  expect((await platform.client.run(tiny.run)).view).toMatchObject({ version: 1, refused: 0 });
  bench.control.stop();
  await end;
});

test('[PUB3] [ROUND6] a volunteer trains on when its round closes, and its update counts in the next one', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500 };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(tiny.run, trainer);
  await until(async () => trainer.jobs.length === 1, 'a lease in training');
  await train(platform.client, tiny, other, () => 0.25);
  await viewWhen(platform.client, tiny.run, ({ version }) => version === 1, 'version 1');
  expect([trainer.jobs.length, trainer.times.length]).toEqual([1, 0]);
  trainer.letGo();
  await until(async () => bench.status.contributions === 1, 'an update');
  bench.control.stop();
  await end;
  const [, late] = await entriesOf(platform.client, tiny.run, 'update-accepted');
  expect(late).toMatchObject({ round: 1, countsIn: 2 });
  expect((await platform.client.run(tiny.run)).view.refused).toBe(0);
});

test('[ACC1] a task that can count no more is left with a word about it, and another is taken unasked', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500, maxStaleness: 0 };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(tiny.run, trainer);
  await until(async () => trainer.jobs.length === 1, 'a lease in training');
  await train(platform.client, tiny, other, () => 0.25);
  await until(async () => trainer.jobs.length === 2, 'a lease of the next round');
  expect(bench.notes).toContain('round 1 closed before this task was done; taking a new one');
  bench.control.stop();
  await end;
});

test.each([
  ['buffered', { contributions: 1, refused: 0 }, []],
  ['synchronous', { contributions: 0, refused: 1 }, ['late']],
] as const)(
  '[ACC1] an update that comes when the time of its lease is up is sent all the same: %s rounds decide on it',
  async (rounds, counted, reasons) => {
    const policy = { leaseMs: 1_000, rounds };
    const { run } = await createTinyRun(platform.client, { spec: { policy } });
    let isAway = true;
    bench.link.fault = request => (isUpdate(request) && isAway ? { status: 503 } : 'pass');
    const trainer = ScriptedTrainer.held();
    const end = bench.start(run, trainer);
    await until(async () => bench.status.activity === 'training', 'a lease in training');
    bench.control.finishThenStop();
    trainer.letGo();
    const isInHand = ({ lease }: { lease: string }): boolean => lease === trainer.jobs.at(-1)?.lease;
    const isLate = async () => (await entriesOf(platform.client, run, 'lease-ended')).some(isInHand);
    await until(isLate, 'the end of the lease');
    isAway = false;
    expect(await end).toMatchObject({ ...counted, held: [], sending: [] });
    const refused = await entriesOf(platform.client, run, 'update-refused');
    expect(refused.map(({ reason }) => reason)).toEqual(reasons);
  },
);

test('[ACC1] an update on its way when its last round closes is sent until the platform has answered', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500, maxStaleness: 0 };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  let isAway = true;
  bench.link.fault = request => (isUpdate(request) && isAway ? { status: 503 } : 'pass');
  const trainer = ScriptedTrainer.held();
  const end = bench.start(tiny.run, trainer);
  await until(async () => bench.status.activity === 'training', 'a lease in training');
  bench.control.finishThenStop();
  trainer.letGo();
  await until(async () => bench.link.seen.some(isUpdate), 'an update on its way');
  await train(platform.client, tiny, other, () => 0.25);
  await viewWhen(platform.client, tiny.run, ({ version }) => version === 1, 'version 1');
  isAway = false;
  expect(await end).toMatchObject({ contributions: 0, refused: 1, held: [], sending: [] });
  const refused = await entriesOf(platform.client, tiny.run, 'update-refused');
  expect(refused.map(({ reason }) => reason)).toEqual(['stale']);
  expect(bench.notes.join()).not.toContain('before this task was done');
});

test('a run that finishes ends the training at once', async () => {
  const { run, hostKey } = await createTinyRun(platform.client);
  const trainer = ScriptedTrainer.held();
  const end = bench.start(run, trainer);
  await until(async () => bench.status.activity === 'training', 'a lease in training');
  await platform.client.control(run, 'finish', hostKey);
  expect(await end).toMatchObject({ activity: 'stopped', held: [] });
  expect(trainer.times).toEqual([]);
});

test('[CLOSE2] [CLOSE3] a run that its host finishes ends the training at once, and who trained judges what came of it', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { plan: { name: 'conventional' } } });
  const first = await joinRun(client, tiny.run);
  await train(client, tiny, first, () => 0.25);
  await viewWhen(client, tiny.run, ({ version }) => version === 1, 'version 1');
  const trainer = ScriptedTrainer.held();
  const end = bench.start(tiny.run, trainer);
  await until(async () => bench.status.activity === 'training', 'a lease in training');
  await client.control(tiny.run, 'finish', tiny.hostKey);
  await until(async () => bench.status.role === 'evaluator', 'the test of the last version');
  expect(trainer.times).toEqual([]);
  expect((await client.run(tiny.run)).view).toMatchObject({ phase: 'open', closing: { why: 'host' } });
  trainer.letGo();
  expect(await end).toMatchObject({ activity: 'stopped', held: [] });
  const { view } = await client.run(tiny.run);
  expect(view).toMatchObject({ phase: 'finished', why: 'host', version: 1, tested: { version: 1 } });
  expect(view).not.toHaveProperty('untested');
  expect(bench.notes).toContain('the run comes to its end; testing its last version');
});

test('an update that waited for the last one is not sent if it is too late by then', async () => {
  const { run, hostKey } = await createTinyRun(platform.client);
  const letPass = bench.holdUpdates();
  const trainer = new ScriptedTrainer(50);
  const end = bench.start(run, trainer);
  await until(async () => trainer.times.length === 2, 'a second update');
  await platform.client.control(run, 'finish', hostKey);
  // By its socket the volunteer hears of it.
  await rest(1_000);
  letPass();
  expect(await end).toMatchObject({ activity: 'stopped', held: [] });
  expect(bench.link.seen.filter(isUpdate)).toHaveLength(1);
  expect(bench.notes).toContain('the update can count in no round any more');
});
