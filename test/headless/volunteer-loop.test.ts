import { afterEach, beforeEach, expect, test } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { rest } from '../../client/platform/rest.ts';
import { type TimeLimits, timeLimits } from '../../client/platform/time-limits.ts';
import type { ByteStore } from '../../client/volunteer/byte-store.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { type Fault, FaultyLink, refusal } from '../support/faulty-link.ts';
import { keepsNothing, MemoryStore } from '../support/memory-store.ts';
import { entriesOf, until, viewWhen } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();
let link: FaultyLink;
let origin: string;
let control: VolunteerControl;
let status: VolunteerStatus;
let notes: (string | null)[];
let residuals: MemoryStore;
let limits: TimeLimits;

beforeEach(async () => {
  link = new FaultyLink(platform.client.origin);
  origin = await link.open();
  control = new VolunteerControl();
  residuals = new MemoryStore();
  notes = [];
  limits = timeLimits;
});

afterEach(() => {
  control.stop();
  link.close();
});

const volunteer = (
  run: string,
  trainer: ScriptedTrainer,
  cache: ByteStore = keepsNothing,
): Promise<VolunteerStatus> =>
  runVolunteer({
    client: new HomeroomClient(origin, { limits }),
    run,
    control,
    trainer: trainer.api,
    trainerOptions: { backend: 'cpu' },
    cache,
    residuals,
    name: 'Ada',
    memoryMB: 0,
    onStatus: now => {
      status = now;
      notes.push(now.note);
    },
  });

/** Its trainings after so many do not end before they are let go, but the next lease is asked for. */
function heldTrainer(after = 0): ScriptedTrainer {
  const trainer = new ScriptedTrainer(100);
  trainer.holdsAfter = after;
  return trainer;
}

const letGo = (trainer: ScriptedTrainer): void => {
  trainer.holdsAfter = Number.POSITIVE_INFINITY;
};

const isBlob = (request: string): boolean => request.startsWith('GET /api/blobs/');
const isUpdate = (request: string): boolean => request.endsWith('/update');
const isAsk = (request: string): boolean => request.endsWith('/leases');

/** No update comes to the platform before they are let pass. */
function holdUpdates(): () => void {
  let letPass = (): void => {};
  const passing = new Promise<void>(resolve => {
    letPass = resolve;
  });
  link.gate = request => (isUpdate(request) ? passing : null);
  return letPass;
}

/** Does this to the first so many requests that match, and nothing to the rest. */
function failFirst(
  count: number,
  matches: (request: string) => boolean,
  fault: Exclude<Fault, 'pass'>,
): void {
  let left = count;
  link.fault = request => (matches(request) && left-- > 0 ? fault : 'pass');
}

test('a volunteer trains a run to its end alone', async () => {
  const { run } = await createTinyRun(platform.client);
  const end = await volunteer(run, new ScriptedTrainer());
  expect(end).toMatchObject({ activity: 'stopped', refused: 0, lease: null });
  expect((await platform.client.run(run)).view).toMatchObject({ phase: 'finished', version: 3, refused: 0 });
});

test('connections that break within a reply cost no more than the lease in hand', async () => {
  const { run } = await createTinyRun(platform.client);
  failFirst(3, request => isBlob(request) || request.endsWith('/leases'), 'cut');
  const end = await volunteer(run, new ScriptedTrainer());
  expect(end.activity).toBe('stopped');
  expect((await platform.client.run(run)).view.phase).toBe('finished');
});

test('an update whose reply was lost is sent again and counts once', async () => {
  const { run } = await createTinyRun(platform.client);
  failFirst(1, request => request.endsWith('/update'), 'cut');
  const end = await volunteer(run, new ScriptedTrainer());
  const { view } = await platform.client.run(run);
  expect(view).toMatchObject({ phase: 'finished', accepted: end.contributions });
});

test('a pause that comes while a lease is asked for trains nothing, and gives the lease back', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer();
  link.fault = request => {
    if (request.endsWith('/leases')) control.pause();
    return 'pass';
  };
  const end = volunteer(run, trainer);
  await until(async () => status?.activity === 'paused', 'the pause');
  expect(trainer.jobs).toEqual([]);
  const ended = await until(
    async () => (await entriesOf(platform.client, run, 'lease-ended'))[0],
    'the release',
  );
  expect(ended.why).toBe('the volunteer paused');
  control.stop();
  await end;
});

test('the next lease trains while the last update is still on its way', async () => {
  const { run } = await createTinyRun(platform.client);
  const letPass = holdUpdates();
  const trainer = heldTrainer(1);
  const end = volunteer(run, trainer);
  await until(async () => trainer.jobs.length === 2, 'a second lease in training');
  expect(status).toMatchObject({ activity: 'training', contributions: 0 });
  expect((await platform.client.run(run)).view.accepted).toBe(0);
  letPass();
  control.stop();
  await end;
});

test('with a lease in training and one ahead, a pause gives both back, and the loop goes on after it', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = heldTrainer();
  const end = volunteer(run, trainer);
  await until(async () => status?.held.length === 2, 'a lease ahead');
  expect(status.activity).toBe('training');
  control.pause();
  const ended = await until(async () => {
    const found = await entriesOf(platform.client, run, 'lease-ended');
    return found.length === 2 && found;
  }, 'the releases');
  expect(ended.map(({ why }) => why)).toEqual(['the volunteer paused', 'the volunteer paused']);
  expect(status).toMatchObject({ activity: 'paused', held: [] });
  control.resume();
  await until(async () => trainer.jobs.length === 2, 'work after the pause');
  control.stop();
  await end;
});

test('"finish this task, then stop" gives back what was asked for ahead', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = heldTrainer();
  const end = volunteer(run, trainer);
  await until(async () => status?.held.length === 2, 'a lease ahead');
  control.finishThenStop();
  letGo(trainer);
  expect(await end).toMatchObject({ activity: 'stopped', contributions: 1, held: [] });
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).toEqual(['the volunteer stopped']);
});

test('[PUB3] a synchronous round that closes ends the training for it, and no update is sent that comes too late', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500, rounds: 'synchronous' as const };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  const trainer = heldTrainer();
  const end = volunteer(tiny.run, trainer);
  await until(async () => trainer.jobs.length === 1, 'a lease in training');
  await train(platform.client, tiny, other, () => 0.25);
  await until(async () => trainer.jobs.length === 2, 'a lease of the next round');
  expect((await platform.client.run(tiny.run)).view).toMatchObject({ version: 1, refused: 0 });
  control.stop();
  await end;
});

test('[PUB3] [ROUND6] a volunteer trains on when its round closes, and its update counts in the next one', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500 };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  const trainer = heldTrainer();
  const end = volunteer(tiny.run, trainer);
  await until(async () => trainer.jobs.length === 1, 'a lease in training');
  await train(platform.client, tiny, other, () => 0.25);
  await viewWhen(platform.client, tiny.run, ({ version }) => version === 1, 'version 1');
  expect([trainer.jobs.length, trainer.times.length]).toEqual([1, 0]);
  letGo(trainer);
  await until(async () => status.contributions === 1, 'an update');
  control.stop();
  await end;
  const [, late] = await entriesOf(platform.client, tiny.run, 'update-accepted');
  expect(late).toMatchObject({ round: 1, countsIn: 2 });
  expect((await platform.client.run(tiny.run)).view.refused).toBe(0);
});

test('[ACC1] a task that can count no more is left with a word about it, and another is taken unasked', async () => {
  const policy = { minVolunteers: 2, roundMs: 1_500, maxStaleness: 0 };
  const tiny = await createTinyRun(platform.client, { spec: { policy } });
  const other = await joinRun(platform.client, tiny.run);
  const trainer = heldTrainer();
  const end = volunteer(tiny.run, trainer);
  await until(async () => trainer.jobs.length === 1, 'a lease in training');
  await train(platform.client, tiny, other, () => 0.25);
  await until(async () => trainer.jobs.length === 2, 'a lease of the next round');
  expect(notes).toContain('round 1 closed before this task was done; taking a new one');
  control.stop();
  await end;
});

test('what was downloaded, ahead or not, is told once', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer(50);
  const end = await volunteer(run, trainer, new MemoryStore());
  const told = trainer.jobs.map(({ downloadBytes }) => downloadBytes);
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(end.bytesDown);
  expect(link.seen.filter(isBlob)).toHaveLength(new Set(link.seen.filter(isBlob)).size);
});

test('a second thought after "finish this task" goes on', async () => {
  const { run } = await createTinyRun(platform.client);
  const end = volunteer(run, new ScriptedTrainer(50));
  await viewWhen(platform.client, run, view => view.accepted > 0, 'a first update');
  control.finishThenStop();
  control.resume();
  await end;
  expect((await platform.client.run(run)).view.phase).toBe('finished');
});

test('a blob that is not to be had is no reason to ask for lease after lease, though each release comes back as news', async () => {
  const { run } = await createTinyRun(platform.client);
  link.fault = request => (isBlob(request) ? { status: 404 } : 'pass');
  link.delay = request => (request.includes('/events') ? 100 : 0);
  const end = volunteer(run, new ScriptedTrainer());
  await until(async () => status?.note?.includes('trying again'), 'a word about the blob');
  await rest(2_000);
  expect(link.seen.filter(isAsk).length).toBeLessThanOrEqual(3);
  control.stop();
  await end;
});

test('a resume that comes while leases are given back is heard', async () => {
  const { run } = await createTinyRun(platform.client);
  link.delay = request => (request.endsWith('/release') ? 200 : 0);
  const trainer = heldTrainer();
  const end = volunteer(run, trainer);
  await until(async () => status?.held.length === 2, 'a lease ahead');
  control.pause();
  const isRelease = (request: string): boolean => request.endsWith('/release');
  await until(async () => link.seen.filter(isRelease).length === 2, 'the second release');
  control.resume();
  await until(async () => trainer.jobs.length === 2, 'work after the pause');
  control.stop();
  await end;
});

test('what was downloaded for a lease given back is told with the next one', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = heldTrainer();
  const end = volunteer(run, trainer, new MemoryStore());
  await until(async () => status?.held.length === 2, 'a lease ahead');
  control.pause();
  await until(async () => status.activity === 'paused', 'the pause');
  control.resume();
  await until(async () => trainer.jobs.length === 2, 'work after the pause');
  expect(trainer.jobs[1]?.downloadBytes).toBe(status.bytesDown);
  expect(status.bytesDown).toBeGreaterThan(0);
  control.stop();
  await end;
});

test('what was downloaded for an update that was refused is told with another', async () => {
  const { run } = await createTinyRun(platform.client);
  failFirst(1, isUpdate, refusal);
  const trainer = new ScriptedTrainer(50);
  const end = await volunteer(run, trainer, new MemoryStore());
  const [, ...got] = trainer.jobs.map(({ downloadBytes }) => downloadBytes);
  expect(got.reduce((sum, bytes) => sum + bytes, 0)).toBe(end.bytesDown);
});

test('a platform of another version ends the volunteer, who is told so', async () => {
  const { run } = await createTinyRun(platform.client);
  link.fault = request => (isAsk(request) ? { status: 200 } : 'pass');
  const note = `the platform at ${origin} speaks another version: update homeroom`;
  await expect(volunteer(run, new ScriptedTrainer())).rejects.toThrow(note);
  expect(status).toMatchObject({ activity: 'failed', note });
  expect(link.seen.filter(isAsk)).toHaveLength(1);
});

test('"finish this task, then stop" ends the asking where the platform is away', async () => {
  const { run } = await createTinyRun(platform.client);
  link.fault = request => (isAsk(request) ? { status: 503 } : 'pass');
  const end = volunteer(run, new ScriptedTrainer());
  await until(async () => status?.activity === 'waiting', 'a volunteer that waits for the platform');
  const asked = link.seen.filter(isAsk).length;
  control.finishThenStop();
  expect(await end).toMatchObject({ activity: 'stopped', lease: null });
  expect(link.seen.filter(isAsk)).toHaveLength(asked);
});

test('a lease that was being asked for at a stop is given back', async () => {
  const { run } = await createTinyRun(platform.client);
  link.delay = request => (isAsk(request) ? 200 : 0);
  const end = volunteer(run, new ScriptedTrainer());
  await until(async () => link.seen.some(isAsk), 'the ask');
  control.stop();
  await end;
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).toEqual(['the volunteer stopped']);
});

test('an update that does not get through is no refusal, and its lease is given back if nothing keeps the update', async () => {
  const { run } = await createTinyRun(platform.client);
  link.fault = request => (isUpdate(request) ? { status: 503 } : 'pass');
  limits = { ...timeLimits, lastSendMs: 500 };
  const trainer = heldTrainer();
  const end = volunteer(run, trainer);
  await until(async () => status?.activity === 'training', 'a lease in training');
  control.finishThenStop();
  letGo(trainer);
  expect(await end).toMatchObject({ contributions: 0, refused: 0, held: [], sending: [] });
  const ended = await entriesOf(platform.client, run, 'lease-ended');
  expect(ended.map(({ why }) => why)).toContain('the update did not get through');
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
    link.fault = request => (isUpdate(request) && isAway ? { status: 503 } : 'pass');
    const trainer = heldTrainer();
    const end = volunteer(run, trainer);
    await until(async () => status?.activity === 'training', 'a lease in training');
    control.finishThenStop();
    letGo(trainer);
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
  link.fault = request => (isUpdate(request) && isAway ? { status: 503 } : 'pass');
  const trainer = heldTrainer();
  const end = volunteer(tiny.run, trainer);
  await until(async () => status?.activity === 'training', 'a lease in training');
  control.finishThenStop();
  letGo(trainer);
  await until(async () => link.seen.some(isUpdate), 'an update on its way');
  await train(platform.client, tiny, other, () => 0.25);
  await viewWhen(platform.client, tiny.run, ({ version }) => version === 1, 'version 1');
  isAway = false;
  expect(await end).toMatchObject({ contributions: 0, refused: 1, held: [], sending: [] });
  const refused = await entriesOf(platform.client, tiny.run, 'update-refused');
  expect(refused.map(({ reason }) => reason)).toEqual(['stale']);
  expect(notes.join()).not.toContain('before this task was done');
});

test('a run that finishes ends the training at once', async () => {
  const { run, hostKey } = await createTinyRun(platform.client);
  const trainer = heldTrainer();
  const end = volunteer(run, trainer);
  await until(async () => status?.activity === 'training', 'a lease in training');
  await platform.client.control(run, 'finish', hostKey);
  expect(await end).toMatchObject({ activity: 'stopped', held: [] });
  expect(trainer.times).toEqual([]);
});

test('an update that waited for the last one is not sent if it is too late by then', async () => {
  const { run, hostKey } = await createTinyRun(platform.client);
  const letPass = holdUpdates();
  const trainer = new ScriptedTrainer(50);
  const end = volunteer(run, trainer);
  await until(async () => trainer.times.length === 2, 'a second update');
  await platform.client.control(run, 'finish', hostKey);
  // By its socket the volunteer hears of it.
  await rest(1_000);
  letPass();
  expect(await end).toMatchObject({ activity: 'stopped', held: [] });
  expect(link.seen.filter(isUpdate)).toHaveLength(1);
  expect(notes).toContain('the update can count in no round any more');
});
