import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFolderOutbox } from '../../client/headless/files/folder-outbox.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { isUpdate, LinkedVolunteer } from '../support/linked-volunteer.ts';
import { acceptedLeases, entriesOf, firstLease, until, viewWhen } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

/** Updates that are sent by whoever comes back: the same volunteer, another tab, another run. */
const platform = usePlatform();
let ada: LinkedVolunteer;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  ada = await LinkedVolunteer.open(platform.client.origin);
  ada.limits = { ...timeLimits, lastSendMs: 500 };
});
afterEach(() => {
  for (const started of processes.splice(0)) started.kill('SIGKILL');
  ada.close();
});

test('an update that waits at a stop is sent by whoever comes back, who is the same volunteer', async () => {
  const { run } = await createTinyRun(platform.client);
  let isAway = true;
  ada.link.fault = request => (isUpdate(request) && isAway ? { status: 503 } : 'pass');
  const tab = ada.openTab();
  const trainer = new ScriptedTrainer(20);
  const end = ada.start(run, trainer);
  await until(async () => ada.status.unsent !== null, 'an update that waits');
  ada.control.stop();
  expect(await end).toMatchObject({ contributions: 0, refused: 0, sending: [] });
  const [lease] = trainer.jobs.map(job => job.lease);
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).not.toContain('the update did not get through');
  tab.close();
  isAway = false;
  const before = ada.identity;
  await ada.startInTab(run, new ScriptedTrainer());
  expect(ada.identity).toEqual(before);
  expect((await acceptedLeases(platform.client, run)).filter(id => id === lease)).toHaveLength(1);
  expect(ada.device.kept.size).toBe(0);
});

test('an update of a tab that was closed is sent by another one, in another run, and one of a tab at work is not', async () => {
  const [mine, other] = [await createTinyRun(platform.client), await createTinyRun(platform.client)];
  ada.link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  const end = ada.startInTab(mine.run, new ScriptedTrainer());
  await until(async () => ada.device.kept.size > 0 && ada.status.unsent !== null, 'an update that waits');
  const lease = await firstLease(platform.client, mine.run);
  ada.control.stop();
  await end;
  const [name = ''] = ada.device.kept.keys();
  // A tab at work has it.
  const atWork = ada.device.open();
  const letGo = await atWork.store.claim(name);
  ada.link.fault = () => 'pass';
  ada.identity = null;
  await ada.startInTab(other.run, new ScriptedTrainer());
  expect(await acceptedLeases(platform.client, mine.run)).not.toContain(lease);
  letGo?.();
  const third = await createTinyRun(platform.client);
  ada.identity = null;
  await ada.startInTab(third.run, new ScriptedTrainer(100));
  await until(
    async () => (await acceptedLeases(platform.client, mine.run)).includes(lease),
    'the update of the closed tab',
  );
});

/** Stops a volunteer whose update waits. What is kept of it is all that is left. */
async function stopWithUnsent(run: string): Promise<string> {
  ada.link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  const tab = ada.openTab();
  const end = ada.start(run, new ScriptedTrainer(20));
  await until(async () => ada.status.unsent !== null && ada.device.kept.size > 0, 'an update that waits');
  const lease = await firstLease(platform.client, run);
  ada.control.stop();
  await end;
  tab.close();
  ada.link.fault = () => 'pass';
  return lease;
}

test('an update that cannot be read for once is still kept, and sent when it can', async () => {
  const { run } = await createTinyRun(platform.client);
  const lease = await stopWithUnsent(run);
  const elsewhere = await createTinyRun(platform.client);
  const before = ada.identity;
  ada.identity = null;
  ada.device.isUnreadable = true;
  await ada.startInTab(elsewhere.run, new ScriptedTrainer());
  expect(ada.device.kept.size).toBeGreaterThan(0);
  ada.device.isUnreadable = false;
  ada.identity = before;
  await ada.startInTab(run, new ScriptedTrainer());
  expect(await acceptedLeases(platform.client, run)).toContain(lease);
});

test('an update that cannot be claimed is sent all the same, and whoever sends it goes on', async () => {
  const { run } = await createTinyRun(platform.client);
  const lease = await stopWithUnsent(run);
  ada.device.isUnclaimable = true;
  expect(await ada.startInTab(run, new ScriptedTrainer())).toMatchObject({ refused: 0 });
  expect((await acceptedLeases(platform.client, run)).filter(id => id === lease)).toHaveLength(1);
  expect(ada.device.kept.size).toBe(0);
});

test('behind a proxy that lets no update pass the volunteer says so and goes on, and each is sent at the next start', async () => {
  const { run } = await createTinyRun(platform.client);
  const callRetry = { first: [1, 2], last: [3, 4] } as const;
  ada.limits = { ...timeLimits, callRetry };
  ada.link.fault = request => (isUpdate(request) ? { status: 413, body: '{"message":"too large"}' } : 'pass');
  const tab = ada.openTab();
  const trainer = new ScriptedTrainer(20);
  const end = ada.start(run, trainer);
  await until(async () => trainer.times.length >= 3, 'a third lease in training');
  expect(ada.status.setAside).toMatch(
    /replies in the place of the platform \(status 413\); .* kept and will be sent the next time this starts$/,
  );
  ada.control.stop();
  expect(await end).toMatchObject({ contributions: 0, refused: 0, sending: [] });
  const [lease = ''] = trainer.jobs.map(job => job.lease);
  expect(ada.link.seen.filter(request => isUpdate(request) && request.includes(lease))).toHaveLength(8);
  tab.close();
  ada.link.fault = () => 'pass';
  await ada.startInTab(run, new ScriptedTrainer());
  expect(await acceptedLeases(platform.client, run)).toContain(lease);
  expect(ada.device.kept.size).toBe(0);
});

test('a volunteer whose process is killed after the training sends its update when it is started again, once', async () => {
  const { run } = await createTinyRun(platform.client);
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-volunteer-'));
  const script = fileURLToPath(new URL('../support/volunteer-process.ts', import.meta.url));
  const start = (): ChildProcess => {
    const started = spawn(process.execPath, [script, ada.origin, run, folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    processes.push(started);
    return started;
  };
  let isAway = true;
  ada.link.fault = request => (isUpdate(request) && isAway ? 'hold' : 'pass');
  const first = start();
  const kept = () => openFolderOutbox(join(folder, 'outbox')).list();
  await until(async () => ada.link.seen.some(isUpdate) && (await kept()).length > 0, 'an upload that hangs');
  const lease = await firstLease(platform.client, run);
  first.kill('SIGKILL');
  isAway = false;
  start();
  await viewWhen(platform.client, run, ({ phase }) => phase === 'finished', 'the end of the run');
  expect((await acceptedLeases(platform.client, run)).filter(id => id === lease)).toHaveLength(1);
  expect(Object.keys((await platform.client.run(run)).view.volunteers)).toHaveLength(1);
  await rm(folder, { recursive: true });
});
