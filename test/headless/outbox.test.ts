import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openFolderOutbox } from '../../client/headless/files/folder-outbox.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { isUpdate, LinkedVolunteer } from '../support/linked-volunteer.ts';
import { acceptedLeases, firstLease, until } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

/** Updates that wait for a platform, or for whatever is on the way to it. */
const platform = new TestPlatform();
let ada: LinkedVolunteer;

beforeAll(() => platform.start());
afterAll(() => platform.remove());

beforeEach(async () => {
  ada = await LinkedVolunteer.open(platform.client.origin);
  ada.limits = { ...timeLimits, lastSendMs: 500 };
});
afterEach(() => ada.close());

test('while uploads fail the next lease trains, the update is kept and said to be, and both count in the end', async () => {
  const { run } = await createTinyRun(platform.client);
  const limits = { ...timeLimits };
  let isAway = true;
  ada.link.fault = request => {
    if (!isUpdate(request) || !isAway) return 'pass';
    limits.replyMs = 300;
    return 'hold';
  };
  ada.limits = limits;
  const trainer = new ScriptedTrainer(20);
  const end = ada.startInTab(run, trainer);
  await until(
    async () => trainer.times.length === 2 && ada.status.unsent !== null,
    'a second update that waits',
  );
  expect(ada.status.unsent).toMatch(
    /^the platform does not answer; (the update is|2 updates are) kept and will be sent$/,
  );
  expect(ada.device.kept.size).toBeGreaterThan(0);
  isAway = false;
  // A platform that is only slow is waited for.
  limits.replyMs = timeLimits.replyMs;
  expect(await end).toMatchObject({ activity: 'stopped', unsent: null, refused: 0 });
  expect(await acceptedLeases(platform.client, run)).toContain(trainer.jobs[0]?.lease);
  expect(ada.device.kept.size).toBe(0);
});

test('a lease that trains while the platform is away trains on, and its update counts when the platform is back', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer(3_000);
  const end = ada.startInTab(run, trainer);
  await until(async () => ada.status.activity === 'training', 'a lease in training');
  const lease = await firstLease(platform.client, run);
  await platform.stopAtOnce();
  await until(async () => trainer.times.length === 1, 'the end of the training');
  await until(async () => ada.status.unsent !== null, 'a word on the update that waits');
  await platform.start();
  ada.link.target = platform.client.origin;
  await until(async () => (await acceptedLeases(platform.client, run)).includes(lease), 'the update');
  ada.control.stop();
  expect(await end).toMatchObject({ refused: 0 });
  expect((await acceptedLeases(platform.client, run)).filter(id => id === lease)).toHaveLength(1);
});

test('a platform that is killed while an update is uploaded takes it once when it is back', async () => {
  const { run } = await createTinyRun(platform.client);
  ada.link.delay = request => (isUpdate(request) ? 300 : 0);
  const end = ada.startInTab(run, new ScriptedTrainer(20));
  await until(async () => ada.link.seen.some(isUpdate), 'an upload');
  const lease = await firstLease(platform.client, run);
  await platform.stopAtOnce();
  await until(async () => ada.status.unsent !== null, 'a word on the update that waits');
  await platform.start();
  ada.link.target = platform.client.origin;
  ada.link.delay = () => 0;
  await until(async () => (await acceptedLeases(platform.client, run)).includes(lease), 'the update');
  ada.control.stop();
  await end;
  expect((await acceptedLeases(platform.client, run)).filter(id => id === lease)).toHaveLength(1);
});

test('a platform that is away at the join is waited for, and lost replies make one volunteer', async () => {
  const { run } = await createTinyRun(platform.client);
  const faults = ['cut', 'cut', { status: 503 }] as const;
  let tries = 0;
  ada.link.fault = request => (request.endsWith('/join') ? (faults[tries++] ?? 'pass') : 'pass');
  const end = ada.startInTab(run, new ScriptedTrainer());
  expect(await end).toMatchObject({ activity: 'stopped' });
  const { view } = await platform.client.run(run);
  expect(Object.keys(view.volunteers)).toEqual([ada.identity?.volunteer]);
  expect(tries).toBe(4);
});

test.each([
  ['ahead', 86_400_000],
  ['behind', -86_400_000],
])(
  'a device whose clock is a day %s trains like any other, and keeps and sends its updates',
  async (_, offMs) => {
    const { run } = await createTinyRun(platform.client);
    const folder = await mkdtemp(join(tmpdir(), 'homeroom-volunteer-'));
    let toFail = 1;
    ada.link.fault = request => (isUpdate(request) && toFail-- > 0 ? { status: 503 } : 'pass');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
    try {
      const outbox = openFolderOutbox(join(folder, 'outbox'));
      ada.outbox = outbox;
      expect(await ada.start(run, new ScriptedTrainer())).toMatchObject({ refused: 0, unsent: null });
      expect(await outbox.list()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
    expect((await platform.client.run(run)).view).toMatchObject({ phase: 'finished', refused: 0 });
    await rm(folder, { recursive: true });
  },
);

test('a disk that is full is said, and the update is sent from memory', async () => {
  const { run } = await createTinyRun(platform.client);
  ada.device.problem = 'the disk is full';
  let toFail = 2;
  ada.link.fault = request => (isUpdate(request) && toFail-- > 0 ? { status: 503 } : 'pass');
  const told = new Set<string | null>();
  const watch = setInterval(() => told.add(ada.status.unsent), 5);
  const end = await ada.startInTab(run, new ScriptedTrainer());
  clearInterval(watch);
  expect([...told].join()).toContain('cannot be kept on this device (the disk is full)');
  expect(end).toMatchObject({ activity: 'stopped', refused: 0, unsent: null });
});

test('a page of a guest network in the place of the platform decides on no update', async () => {
  const { run } = await createTinyRun(platform.client);
  const pages = [
    { status: 200, body: '<html>' },
    { status: 403, body: '<html>' },
  ];
  ada.link.fault = request => (isUpdate(request) ? (pages.shift() ?? 'pass') : 'pass');
  const trainer = new ScriptedTrainer();
  expect(await ada.startInTab(run, trainer)).toMatchObject({ refused: 0 });
  expect(await acceptedLeases(platform.client, run)).toContain(trainer.jobs[0]?.lease);
});
