import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openFolderOutbox } from '../../client/headless/files/folder-outbox.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerIdentity } from '../../client/volunteer/volunteer-options.ts';
import type { VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { FaultyLink } from '../support/faulty-link.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { entriesOf, until, viewWhen } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = new TestPlatform();
let link: FaultyLink;
let client: HomeroomClient;
let device: MemoryOutbox;
let control: VolunteerControl;
let status: VolunteerStatus;
let known: VolunteerIdentity | null;
const processes: ChildProcess[] = [];

beforeAll(() => platform.start());
afterAll(() => platform.remove());

beforeEach(async () => {
  link = new FaultyLink(platform.client.origin);
  client = new HomeroomClient(await link.open(), { limits: { ...timeLimits, lastSendMs: 500 } });
  device = new MemoryOutbox();
  control = new VolunteerControl();
  known = null;
});

afterEach(() => {
  for (const started of processes.splice(0)) started.kill('SIGKILL');
  control.stop();
  link.close();
});

const volunteer = (
  run: string,
  trainer: ScriptedTrainer,
  outbox = device.open().store,
): Promise<VolunteerStatus> =>
  runVolunteer({
    ...{ client, run, control, outbox, residuals: keepsNothing, name: 'Ada', memoryMB: 0, identity: known },
    trainer: trainer.api,
    trainerOptions: { backend: 'cpu' },
    cache: keepsNothing,
    onIdentity: identity => {
      known = identity;
    },
    onStatus: now => {
      status = now;
    },
  });

const isUpdate = (request: string): boolean => request.endsWith('/update');
const isJoin = (request: string): boolean => request.endsWith('/join');

const acceptedLeases = async (run: string): Promise<string[]> =>
  (await entriesOf(platform.client, run, 'update-accepted')).map(({ lease }) => lease);

/** The first lease of a run, once it is granted. */
const firstLease = async (run: string): Promise<string> =>
  (await until(async () => (await entriesOf(platform.client, run, 'lease-granted'))[0], 'a lease')).lease;

test('while uploads fail the next lease trains, the update is kept and said to be, and both count in the end', async () => {
  const { run } = await createTinyRun(platform.client);
  const limits = { ...timeLimits };
  let isAway = true;
  link.fault = request => {
    if (!isUpdate(request) || !isAway) return 'pass';
    limits.replyMs = 300;
    return 'hold';
  };
  client = new HomeroomClient(client.origin, { limits });
  const trainer = new ScriptedTrainer(20);
  const end = volunteer(run, trainer);
  await until(async () => trainer.times.length === 2 && status.unsent !== null, 'a second update that waits');
  expect(status.unsent).toMatch(
    /^the platform does not answer; (the update is|2 updates are) kept and will be sent$/,
  );
  expect(device.kept.size).toBeGreaterThan(0);
  isAway = false;
  // A platform that is only slow is waited for.
  limits.replyMs = timeLimits.replyMs;
  expect(await end).toMatchObject({ activity: 'stopped', unsent: null, refused: 0 });
  expect(await acceptedLeases(run)).toContain(trainer.jobs[0]?.lease);
  expect(device.kept.size).toBe(0);
});

test('a lease that trains while the platform is away trains on, and its update counts when the platform is back', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer(3_000);
  const end = volunteer(run, trainer);
  await until(async () => status?.activity === 'training', 'a lease in training');
  const lease = await firstLease(run);
  await platform.stopAtOnce();
  await until(async () => trainer.times.length === 1, 'the end of the training');
  await until(async () => status.unsent !== null, 'a word on the update that waits');
  await platform.start();
  link.target = platform.client.origin;
  await until(async () => (await acceptedLeases(run)).includes(lease), 'the update');
  control.stop();
  expect(await end).toMatchObject({ refused: 0 });
  expect((await acceptedLeases(run)).filter(id => id === lease)).toHaveLength(1);
});

test('a platform that is killed while an update is uploaded takes it once when it is back', async () => {
  const { run } = await createTinyRun(platform.client);
  link.delay = request => (isUpdate(request) ? 300 : 0);
  const end = volunteer(run, new ScriptedTrainer(20));
  await until(async () => link.seen.some(isUpdate), 'an upload');
  const lease = await firstLease(run);
  await platform.stopAtOnce();
  await until(async () => status.unsent !== null, 'a word on the update that waits');
  await platform.start();
  link.target = platform.client.origin;
  link.delay = () => 0;
  await until(async () => (await acceptedLeases(run)).includes(lease), 'the update');
  control.stop();
  await end;
  expect((await acceptedLeases(run)).filter(id => id === lease)).toHaveLength(1);
});

test('a platform that is away at the join is waited for, and lost replies make one volunteer', async () => {
  const { run } = await createTinyRun(platform.client);
  const faults = ['cut', 'cut', { status: 503 }] as const;
  let tries = 0;
  link.fault = request => (isJoin(request) ? (faults[tries++] ?? 'pass') : 'pass');
  const end = volunteer(run, new ScriptedTrainer());
  expect(await end).toMatchObject({ activity: 'stopped' });
  const { view } = await platform.client.run(run);
  expect(Object.keys(view.volunteers)).toEqual([known?.volunteer]);
  expect(tries).toBe(4);
});

test('an update that waits at a stop is sent by whoever comes back, who is the same volunteer', async () => {
  const { run } = await createTinyRun(platform.client);
  let isAway = true;
  link.fault = request => (isUpdate(request) && isAway ? { status: 503 } : 'pass');
  const tab = device.open();
  const trainer = new ScriptedTrainer(20);
  const end = volunteer(run, trainer, tab.store);
  await until(async () => status?.unsent != null, 'an update that waits');
  control.stop();
  expect(await end).toMatchObject({ contributions: 0, refused: 0, sending: [] });
  const [lease] = trainer.jobs.map(job => job.lease);
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).not.toContain('the update did not get through');
  tab.close();
  isAway = false;
  control = new VolunteerControl();
  const before = known;
  await volunteer(run, new ScriptedTrainer());
  expect(known).toEqual(before);
  expect((await acceptedLeases(run)).filter(id => id === lease)).toHaveLength(1);
  expect(device.kept.size).toBe(0);
});

test('an update of a tab that was closed is sent by another one, in another run, and one of a tab at work is not', async () => {
  const [mine, other] = [await createTinyRun(platform.client), await createTinyRun(platform.client)];
  link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  const closed = device.open();
  const end = volunteer(mine.run, new ScriptedTrainer(), closed.store);
  await until(async () => device.kept.size > 0 && status.unsent !== null, 'an update that waits');
  const lease = await firstLease(mine.run);
  control.stop();
  await end;
  const [name = ''] = device.kept.keys();
  // A tab at work has it.
  const atWork = device.open();
  const letGo = await atWork.store.claim(name);
  link.fault = () => 'pass';
  known = null;
  control = new VolunteerControl();
  await volunteer(other.run, new ScriptedTrainer());
  expect(await acceptedLeases(mine.run)).not.toContain(lease);
  letGo?.();
  const third = await createTinyRun(platform.client);
  known = null;
  control = new VolunteerControl();
  await volunteer(third.run, new ScriptedTrainer(100));
  await until(async () => (await acceptedLeases(mine.run)).includes(lease), 'the update of the closed tab');
});

/** Stops a volunteer whose update waits. What is kept of it is all that is left. */
async function stopWithUnsent(run: string): Promise<string> {
  link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  const tab = device.open();
  const end = volunteer(run, new ScriptedTrainer(20), tab.store);
  await until(async () => status?.unsent != null && device.kept.size > 0, 'an update that waits');
  const lease = await firstLease(run);
  control.stop();
  await end;
  tab.close();
  control = new VolunteerControl();
  link.fault = () => 'pass';
  return lease;
}

test('an update that cannot be read for once is still kept, and sent when it can', async () => {
  const { run } = await createTinyRun(platform.client);
  const lease = await stopWithUnsent(run);
  const elsewhere = await createTinyRun(platform.client);
  const before = known;
  known = null;
  device.isUnreadable = true;
  await volunteer(elsewhere.run, new ScriptedTrainer());
  expect(device.kept.size).toBeGreaterThan(0);
  device.isUnreadable = false;
  known = before;
  control = new VolunteerControl();
  await volunteer(run, new ScriptedTrainer());
  expect(await acceptedLeases(run)).toContain(lease);
});

test('an update that cannot be claimed is sent all the same, and whoever sends it goes on', async () => {
  const { run } = await createTinyRun(platform.client);
  const lease = await stopWithUnsent(run);
  device.isUnclaimable = true;
  expect(await volunteer(run, new ScriptedTrainer())).toMatchObject({ refused: 0 });
  expect((await acceptedLeases(run)).filter(id => id === lease)).toHaveLength(1);
  expect(device.kept.size).toBe(0);
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
    link.fault = request => (isUpdate(request) && toFail-- > 0 ? { status: 503 } : 'pass');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
    try {
      const outbox = openFolderOutbox(join(folder, 'outbox'));
      expect(await volunteer(run, new ScriptedTrainer(), outbox)).toMatchObject({ refused: 0, unsent: null });
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
  device.problem = 'the disk is full';
  let toFail = 2;
  link.fault = request => (isUpdate(request) && toFail-- > 0 ? { status: 503 } : 'pass');
  const told = new Set<string | null>();
  const watch = setInterval(() => told.add(status?.unsent ?? null), 5);
  const end = await volunteer(run, new ScriptedTrainer());
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
  link.fault = request => (isUpdate(request) ? (pages.shift() ?? 'pass') : 'pass');
  const trainer = new ScriptedTrainer();
  expect(await volunteer(run, trainer)).toMatchObject({ refused: 0 });
  expect(await acceptedLeases(run)).toContain(trainer.jobs[0]?.lease);
});

test('behind a proxy that lets no update pass the volunteer says so and goes on, and each is sent at the next start', async () => {
  const { run } = await createTinyRun(platform.client);
  const callRetry = { first: [1, 2], last: [3, 4] } as const;
  client = new HomeroomClient(client.origin, { limits: { ...timeLimits, callRetry } });
  link.fault = request => (isUpdate(request) ? { status: 413, body: '{"message":"too large"}' } : 'pass');
  const tab = device.open();
  const trainer = new ScriptedTrainer(20);
  const end = volunteer(run, trainer, tab.store);
  await until(async () => trainer.times.length >= 3, 'a third lease in training');
  expect(status.setAside).toMatch(
    /replies in the place of the platform \(status 413\); .* kept and will be sent the next time this starts$/,
  );
  control.stop();
  expect(await end).toMatchObject({ contributions: 0, refused: 0, sending: [] });
  const [lease = ''] = trainer.jobs.map(job => job.lease);
  expect(link.seen.filter(request => isUpdate(request) && request.includes(lease))).toHaveLength(8);
  tab.close();
  link.fault = () => 'pass';
  control = new VolunteerControl();
  await volunteer(run, new ScriptedTrainer());
  expect(await acceptedLeases(run)).toContain(lease);
  expect(device.kept.size).toBe(0);
});

test('a volunteer whose process is killed after the training sends its update when it is started again, once', async () => {
  const { run } = await createTinyRun(platform.client);
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-volunteer-'));
  const start = () =>
    spawn(
      process.execPath,
      [
        fileURLToPath(new URL('../support/volunteer-process.ts', import.meta.url)),
        client.origin,
        run,
        folder,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  let isAway = true;
  link.fault = request => (isUpdate(request) && isAway ? 'hold' : 'pass');
  const first = start();
  const kept = () => openFolderOutbox(join(folder, 'outbox')).list();
  await until(async () => link.seen.some(isUpdate) && (await kept()).length > 0, 'an upload that hangs');
  const lease = await firstLease(run);
  first.kill('SIGKILL');
  isAway = false;
  start();
  await viewWhen(platform.client, run, ({ phase }) => phase === 'finished', 'the end of the run');
  expect((await acceptedLeases(run)).filter(id => id === lease)).toHaveLength(1);
  expect(Object.keys((await platform.client.run(run)).view.volunteers)).toHaveLength(1);
  await rm(folder, { recursive: true });
});
