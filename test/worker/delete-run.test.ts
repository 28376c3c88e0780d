import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listData } from '../../client/platform/data-list.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { socketCodes } from '../../shared/protocol/frames.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { editStorage } from '../support/edit-storage.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { letAnHourPass } from '../support/let-an-hour-pass.ts';
import { archivedRound, publishedVersion, until } from '../support/poll.ts';
import { rawPut } from '../support/raw-put.ts';
import { editBucket, keysOnDisk, objectsHold, readBucket } from '../support/stored-files.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyModel, type TinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  joinRun,
  putBlobs,
  refusalOf,
  type TinyRun,
  takeLease,
  tinyRequest,
  train,
  updateOf,
} from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform();
  await platform.start();
});
afterEach(() => platform.remove());

const hostOf = ({ run, hostKey }: Pick<TinyRun, 'run' | 'hostKey'>): RunHost =>
  new RunHost(platform.client, run, hostKey);

/** A run with a published version, whose volunteers still hold leases. */
async function trainedRun() {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const volunteers = await joinMany(client, tiny.run, 2);
  for (const volunteer of volunteers) await train(client, tiny, volunteer, () => 0.25);
  await publishedVersion(client, tiny.run, 1);
  for (const role of ['student', 'teacher'] as const) await archivedRound(client, tiny.run, role, 1);
  const leases = [];
  for (const volunteer of volunteers) leases.push(await takeLease(client, tiny.run, volunteer));
  return { ...tiny, volunteers, leases };
}

/** How many coordinators hold anything of a run, or of a deletion. */
const coordinatorsLeft = (): number =>
  editStorage(
    platform.folder,
    'coordinators',
    database =>
      database.prepare("SELECT name FROM sqlite_master WHERE name IN ('item', 'doomed', 'deletion')").all()
        .length,
  ).filter(tables => tables > 0).length;

/** How many rows a table of the directory, or of a coordinator, has together. The platform may be running. */
function countRows(
  kind: 'objects/-RunCoordinator' | 'objects/-Cohort' | 'd1/miniflare-D1DatabaseObject',
  table: string,
): number {
  const folder = join(platform.folder, kind);
  const files = readdirSync(folder).filter(file => /^[0-9a-f]{64}\.sqlite$/.test(file));
  return files.reduce((sum, file) => {
    const database = new DatabaseSync(join(folder, file), { readOnly: true });
    try {
      const isThere =
        database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').all(table.split(' ')[0] ?? '').length >
        0;
      return sum + (isThere ? database.prepare(`SELECT 1 FROM ${table}`).all().length : 0);
    } finally {
      database.close();
    }
  }, 0);
}

/** How many of the model's blobs a host would have to upload. */
const countLacking = async ({ blobs }: TinyModel): Promise<number> =>
  (await platform.client.lackingBlobs(blobs.map(({ sha256 }) => sha256))).length;

/** Whether a cohort has been asked of an update, and so knows its run. */
const isCohortAsked = (): boolean => {
  try {
    return countRows('objects/-Cohort', "setting WHERE name = 'config'") > 0;
  } catch {
    // It is not there yet, or is being written.
    return false;
  }
};

/** When the blobs of runs and data sets are noted, how many names there are. */
const countNames = (): number => countRows('d1/miniflare-D1DatabaseObject', 'blob_names');

/** A deletion that waits, or is at work. */
function isDoomedLeft(): boolean {
  try {
    return countRows('objects/-RunCoordinator', 'deletion') > 0;
  } catch {
    // The database is locked while its last tables go.
    return true;
  }
}

/** Until the deletion has nothing to do before the hour is over. */
async function waitingUploads(model: TinyModel): Promise<void> {
  await until(async () => (await countLacking(model)) === model.blobs.length, 'all uploads are marked');
  const isDue = (): boolean => countRows('objects/-RunCoordinator', 'doomed WHERE dueAt = 0') > 0;
  await until(async () => !isDue(), 'the uploads wait');
}

test('[KEY7] a deleted run is not listed, and refuses every call as deleted, also after a restart', async () => {
  const tiny = await trainedRun();
  const [volunteer] = tiny.volunteers;
  const [lease] = tiny.leases;
  if (!volunteer || !lease) throw new Error('nobody joined');
  expect(await refusalOf(hostOf({ ...tiny, hostKey: 'another' }).deleteRun())).toMatchObject({
    reason: 'forbidden',
  });
  await hostOf(tiny).deleteRun();
  expect(await platform.client.listRuns({ archived: true })).toEqual([]);
  const calls = [
    () => platform.client.run(tiny.run),
    () => platform.client.version(tiny.run, 0),
    () => platform.client.ledger(tiny.run, 0),
    () => joinRun(platform.client, tiny.run),
    () => platform.client.lease(tiny.run, volunteer.token),
    () =>
      platform.client.putUpdate(
        tiny.run,
        lease.id,
        lease.token,
        updateOf(tiny.model, lease, () => 0),
      ),
    () => platform.client.control(tiny.run, 'pause', tiny.hostKey),
    () => hostOf(tiny).about(),
  ];
  for (const call of calls) expect(await refusalOf(call())).toMatchObject({ status: 410, reason: 'deleted' });
  // To delete it once more changes nothing.
  await hostOf(tiny).deleteRun();
  await platform.restart();
  for (const call of calls) expect(await refusalOf(call())).toMatchObject({ status: 410, reason: 'deleted' });
});

test('[KEY7] whoever listens to a run hears that it is deleted', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const { token } = await joinRun(client, tiny.run);
  const sockets = [FrameSocket.ofView(client, tiny.run), FrameSocket.ofVolunteer(client, tiny.run, token)];
  for (const socket of sockets) await socket.open();
  await hostOf(tiny).deleteRun();
  for (const socket of sockets)
    expect(await socket.closed).toEqual([socketCodes.deleted, 'the host has deleted this run']);
});

test('[KEY7] nothing of a deleted run is left: no state, archive, upload, shard or blob', async () => {
  const tiny = await trainedRun();
  expect(keysOnDisk(platform.folder, `archive/${tiny.run}/`).length).toBeGreaterThan(0);
  await hostOf(tiny).deleteRun();
  await until(async () => keysOnDisk(platform.folder, `archive/${tiny.run}/`).length === 0, 'no archive');
  // Uploads go after an hour: a host may be about to name them.
  await waitingUploads(tiny.model);
  await platform.stop();
  letAnHourPass(platform.folder);
  await platform.start();
  await until(async () => !isDoomedLeft(), 'the end of the deletion');
  await platform.stop();
  expect(coordinatorsLeft()).toBe(0);
  expect(await objectsHold(platform.folder, 'volunteer 0')).toBe(false);
  const blobs = await readBucket(platform.folder, 'blobs/');
  expect([...blobs.values()].filter(bytes => bytes.length > 0)).toEqual([]);
});

test('[KEY7] of an upload that is on its way while its run is deleted nothing is left', async () => {
  const { client, folder } = platform;
  // Too large for a row, so it lies in R2 before its cohort hears of it.
  const model = createTinyModel([600, 1_000]);
  const tiny = await createTinyRun(client, { model, spec: { plan: { name: 'conventional' } } });
  const lease = await takeLease(client, tiny.run, await joinRun(client, tiny.run));
  const { promise: rest, resolve: sendTheRest } = Promise.withResolvers<void>();
  const body = updateOf(model, lease, () => 0.25);
  const sent = rawPut(client, paths.update(tiny.run, lease.id), body, { token: lease.token, until: rest });
  await until(async () => isCohortAsked(), 'the cohort to be asked');
  await hostOf(tiny).deleteRun();
  await waitingUploads(model);
  sendTheRest();
  expect(await sent).toMatchObject({ status: 410, reason: 'deleted' });
  expect(keysOnDisk(folder, `envelopes/${tiny.run}/`)).toEqual([]);
});

test('[KEY7] an upload that nobody could take away any more goes with the last of its run', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  await hostOf(tiny).deleteRun();
  await waitingUploads(tiny.model);
  await platform.stop();
  letAnHourPass(platform.folder);
  const key = `envelopes/${tiny.run}/student/1/lease/late`;
  await editBucket(platform.folder, async bucket => void (await bucket.put(key, 'late')));
  await platform.start();
  await until(async () => !isDoomedLeft(), 'the end of the deletion');
  expect(keysOnDisk(platform.folder, `envelopes/${tiny.run}/`)).toEqual([]);
});

test('[KEY7] the blobs that another run or a data set names stay, also if it comes while the deletion waits', async () => {
  const { client } = platform;
  const model = createTinyModel();
  const [first, other] = [await createTinyRun(client, { model }), await createTinyRun(client, { model })];
  const distinct = model.blobs.length;
  await until(async () => countNames() === 2 * distinct, 'both runs name their blobs');
  await hostOf(first).deleteRun();
  await until(async () => !isDoomedLeft(), 'the end of the first deletion');
  expect(await countLacking(model)).toBe(0);
  await client.version(other.run, 0);
  await hostOf(other).deleteRun();
  // They may go, so whoever wants them now is to upload them.
  await waitingUploads(model);
  await putBlobs(client, model);
  const third = await client.createRun(tinyRequest({ model }));
  await until(async () => countNames() === 2 * distinct, 'the third run names them');
  await platform.stop();
  letAnHourPass(platform.folder);
  await platform.start();
  await until(async () => !isDoomedLeft(), 'the end of the second deletion');
  for (const { sha256, bytes } of model.blobs)
    expect(await platform.client.storedBlob(sha256)).toEqual(bytes);
  await platform.client.version(third.run, 0);
});

test('[KEY7] the parts of a deleted data set go after an hour, except those that another data set has', async () => {
  const { client } = platform;
  const partOf = async (pixel: number) => {
    const bytes = new Uint8Array(24).fill(pixel);
    const sha256 = sha256Hex(bytes);
    await client.putBlob(sha256, bytes);
    return { sha256, bytes: bytes.length, examples: 2 };
  };
  const [own, shared] = [await partOf(1), await partOf(2)];
  const shape = { height: 1, width: 3, channels: 1 };
  const set = {
    ...{ kind: 'hosted' as const, shape, classes: 2, partition: { kind: 'iid' as const } },
    ...{ train: [own], test: [shared] },
  };
  const key = 'c'.repeat(64);
  await client.putDataset({ ...set, name: '..' }, undefined, key);
  await client.putDataset({ ...set, name: 'other', train: [shared] });
  await client.removeDataset('..', key);
  expect((await listData(client)).sets.map(({ name }) => name)).toEqual(['other']);
  const lacking = () => client.lackingBlobs([own.sha256, shared.sha256]);
  await until(async () => (await lacking()).length === 1, 'the part is marked');
  await until(async () => countRows('objects/-RunCoordinator', 'doomed') === 1, 'one part waits');
  await platform.stop();
  letAnHourPass(platform.folder);
  await platform.start();
  await until(async () => !isDoomedLeft(), 'the end of the deletion');
  expect(await platform.client.storedBlob(own.sha256)).toBeNull();
  expect(await platform.client.storedBlob(shared.sha256)).not.toBeNull();
});
