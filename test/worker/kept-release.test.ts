import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { RefusedError } from '../../client/platform/call-platform.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { editStorage } from '../support/edit-storage.ts';
import { type KeptStory, unpackRelease } from '../support/kept-release.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, publishedVersion, until, viewWhen } from '../support/poll.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { evaluationOf, joinRun, refusalOf, updateOf } from '../support/tiny-run.ts';

/**
 * Folders that platforms of earlier releases left in the middle of a run. `node test/fixtures/keep-release.ts` has kept
 * them, each with its release.
 */
const RELEASES = ['0.1.0'];

let folder: string;
let platform: Platform | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeroom-kept-'));
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<HomeroomClient> {
  platform = await startPlatform({ folder, port: 0, pages: false });
  return new HomeroomClient(platform.origin);
}

async function stop(): Promise<void> {
  await platform?.stop();
  platform = null;
}

/** Asks for tasks with the kept tokens and trains them. A referee with the kept host key tests the last version. */
async function trainToTheEnd(client: HomeroomClient, { run, hostKey, volunteers }: KeptStory): Promise<void> {
  const referee = await joinRun(client, run, { name: 'referee' }, hostKey);
  await until(async () => {
    for (const { token } of [...volunteers, referee]) await workOnce(client, run, token);
    return (await client.run(run)).view.phase === 'finished';
  }, 'the run to finish');
}

/** A round may be closed meanwhile. Then the volunteer takes another task. */
async function workOnce(client: HomeroomClient, run: string, token: string): Promise<void> {
  const reply = await client.lease(run, token).catch(passOver);
  if (reply?.type !== 'lease') return;
  const { lease } = reply;
  const isTest = lease.task.role === 'evaluator';
  const update = isTest ? evaluationOf(lease, 0) : updateOf(createTinyModel(), lease, () => 0.5);
  await client.putUpdate(run, lease.id, lease.token, update).catch(passOver);
}

function passOver(error: unknown): null {
  if (error instanceof RefusedError) return null;
  throw error;
}

test.each(RELEASES)(
  'a run that release %s left in the middle of a round trains to its end',
  async release => {
    const story = unpackRelease(release, folder);
    const client = await start();
    const { view } = await client.run(story.run);
    expect(view.phase).toBe('open');
    // The deadlines in it have passed long ago, so its round may be closed by now with what had come.
    expect([story.version, story.version + 1]).toContain(view.version);
    await trainToTheEnd(client, story);
    expect((await publishedVersion(client, story.run, 3)).version).toBe(3);
    for (const role of ['student', 'teacher'] as const) await archivedRound(client, story.run, role, 3);
    const sums = new MemorySums();
    const ports = replayPorts(client, await client.run(story.run), role => sums.of(role));
    expect(await replayRun(ports)).toMatchObject({ matched: { first: 1, last: 3 }, difference: null });
  },
);

test.each(RELEASES)(
  'the host of a run of release %s has its key still, and can delete all of it',
  async release => {
    const { run, hostKey } = unpackRelease(release, folder);
    const client = await start();
    await client.control(run, 'pause', hostKey);
    await viewWhen(client, run, ({ phase }) => phase === 'paused', 'the run to pause');
    await new RunHost(client, run, hostKey).deleteRun();
    expect((await refusalOf(client.run(run))).reason).toBe('deleted');
  },
);

/** As if a later release had brought it up to date. */
const makeNewer = (kind: 'coordinators' | 'cohorts' | 'relays'): unknown[] =>
  editStorage(folder, kind, database => database.exec('UPDATE storage_version SET version = version + 1'));

function allOf(database: DatabaseSync, table: string): unknown {
  const rows = database.prepare(`SELECT * FROM "${table}"`);
  rows.setReadBigInts(true);
  return rows.all();
}

const dumped = (kind: 'coordinators' | 'cohorts'): unknown[] =>
  editStorage(folder, kind, database =>
    database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all()
      .map(({ name }) => [name, allOf(database, String(name))]),
  );

test('a release before the one that wrote a run says so and changes nothing, and the newer one goes on', async () => {
  const story = unpackRelease('0.1.0', folder);
  await (await start()).run(story.run);
  await stop();
  makeNewer('coordinators');
  const before = dumped('coordinators');
  const older = await start();
  const [ada] = story.volunteers;
  if (!ada) throw new Error('a volunteer');
  expect((await refusalOf(older.run(story.run))).reason).toBe('newer-release');
  expect((await refusalOf(older.lease(story.run, ada.token))).reason).toBe('newer-release');
  expect((await refusalOf(older.control(story.run, 'finish', story.hostKey))).reason).toBe('newer-release');
  await stop();
  expect(dumped('coordinators')).toEqual(before);
  editStorage(folder, 'coordinators', database =>
    database.exec('UPDATE storage_version SET version = version - 1'),
  );
  await trainToTheEnd(await start(), story);
});
