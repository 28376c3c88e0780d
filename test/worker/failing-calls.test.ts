import { expect, test } from 'vitest';
import { createNonce } from '../../client/platform/create-nonce.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { rest } from '../../client/platform/rest.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { editStorage } from '../support/edit-storage.ts';
import { useFaultyPlatform } from '../support/faulty-platform.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { boundMs } from '../support/patience.ts';
import { archivedRound, entriesOf, publishedVersion, until } from '../support/poll.ts';
import { announce } from '../support/raw-put.ts';
import { blobsOnDisk } from '../support/stored-files.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  joinRun,
  refusalOf,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const { platform, setFaults } = useFaultyPlatform();

/** A hundred seconds of patience pass in one. */
const HURRY = 100;

test('[ROUND8] a call of R2 that never comes back ends its fold after a while, and the next one publishes', async () => {
  const { client } = platform();
  const tiny = await createTinyRun(client, { spec: { policy: { updatesPerRound: 2 } } });
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  await train(client, tiny, first, () => 0.25);
  await setFaults({ hungBlobs: ['blobs/'], hurry: HURRY });
  await train(client, tiny, second, () => 0.25);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(Object.values(segments).map(({ version }) => version)).toContain(1);
});

/** Half a minute passes in four seconds. An archive as a whole may take ten minutes, which take longer than this test waits. */
const A_LITTLE_HURRY = 8;

test('an archive of which a call of R2 never comes back is tried again after half a minute', async () => {
  const { client } = platform();
  const spec = { plan: { name: 'conventional' }, policy: { updatesPerRound: 1 } } as const;
  const tiny = await createTinyRun(client, { spec });
  const [volunteer] = await joinMany(client, tiny.run, 1);
  if (!volunteer) throw new Error('one volunteer');
  await setFaults({ hungBlobs: [`archive/${tiny.run}/`], hurry: A_LITTLE_HURRY });
  await train(client, tiny, volunteer, () => 0.25);
  expect(await archivedRound(client, tiny.run, 'whole', 1)).toHaveLength(1);
});

test('a large update whose check never ends holds up no other one, and is taken when it comes again', async () => {
  const { client } = platform();
  // 1.2 MB in halves, too much for a row.
  const model = createTinyModel([600, 1_000]);
  const spec = { plan: { name: 'conventional' }, policy: { updatesPerRound: 3 } } as const;
  const { run } = await createTinyRun(client, { model, spec });
  const [first, second] = await joinMany(client, run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const leases = [await takeLease(client, run, first), await takeLease(client, run, second)];
  await setFaults({ hungBlobs: [`envelopes/${run}/`], hurry: HURRY });
  const puts = leases.map(
    lease => () =>
      client.putUpdate(
        run,
        lease.id,
        lease.token,
        updateOf(model, lease, () => 0.25),
      ),
  );
  for (const put of puts)
    await until(
      () =>
        put().then(
          () => true,
          () => false,
        ),
      'an update to be taken',
    );
});

/** The reply begins a minute after the last byte moved. Whoever is silent is heard out for two seconds. */
const UNHURRIED = 20;

/** A lease whose update is too large for a row. */
async function largeLease() {
  const { client } = platform();
  const model = createTinyModel([600, 1_000]);
  const { run } = await createTinyRun(client, { model, spec: { plan: { name: 'conventional' } } });
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('one volunteer');
  return { run, model, lease: await takeLease(client, run, volunteer) };
}

test('a large upload that R2 never takes gets its reply, and is taken when it comes again', async () => {
  const { client } = platform();
  const { run, lease, model } = await largeLease();
  const put = () =>
    client.putUpdate(
      run,
      lease.id,
      lease.token,
      updateOf(model, lease, () => 0.25),
    );
  await setFaults({ hungUploads: [`envelopes/${run}/`], hurry: UNHURRIED });
  await expect(put()).rejects.toMatchObject({ reason: 'busy' });
  await put();
});

test('a large blob that R2 never takes gets its reply, and is taken when it comes again', async () => {
  const { client } = platform();
  const bytes = new Uint8Array(1_000_000).fill(7);
  const sha256 = sha256Hex(bytes);
  await setFaults({ hungUploads: [`blobs/${sha256}`], hurry: UNHURRIED });
  await expect(client.putBlob(sha256, bytes)).rejects.toMatchObject({ reason: 'busy' });
  await client.putBlob(sha256, bytes);
  // To compare a million numbers one by one takes so long that workerd closes the connection meanwhile.
  expect(sha256Hex(await client.getBlob(sha256))).toBe(sha256);
});

test('a large blob that nobody reads, since R2 failed before, is refused without a wait', async () => {
  // Less than the minute after which an upload that nobody takes is given up.
  const limits = { ...timeLimits, replyMs: 30_000, uploadBytesPerSecond: Number.POSITIVE_INFINITY };
  const client = new HomeroomClient(platform().client.origin, { limits });
  const bytes = new Uint8Array(1_000_000).fill(8);
  await setFaults({ storage: 1 });
  await expect(client.putBlob(sha256Hex(bytes), bytes)).rejects.toMatchObject({ reason: 'busy' });
});

test('a large upload that falls silent is not waited for', async () => {
  const { client } = platform();
  const { run, lease } = await largeLease();
  await setFaults({ hurry: HURRY });
  const upload = { path: paths.update(run, lease.id), bytes: 1_200_000, token: lease.token };
  expect(await announce(client, upload)).toBe(503);
});

test('a body that comes a byte at a time is not waited for: a large upload, a small one, a blob, and JSON', async () => {
  const { client } = platform();
  const { run, lease } = await largeLease();
  const update = { path: paths.update(run, lease.id), token: lease.token };
  const blob = paths.blob('0'.repeat(64));
  await setFaults({ hurry: HURRY });
  const bodies = [
    { ...update, bytes: 1_200_000 },
    { ...update, bytes: 400_000 },
    { path: blob, bytes: 1_000_000 },
    { path: blob, bytes: 10_000 },
    { method: 'POST', path: paths.join(run), bytes: 1_000 },
  ] as const;
  const replies = bodies.map(body => announce(client, { ...body, everyMs: 50 }));
  expect(await Promise.all(replies)).toEqual(bodies.map(() => 503));
});

test('[LEASE3] a call of D1 that never comes back holds up no alarm: a lease ends at its deadline', async () => {
  const { client } = platform();
  const policy = { leaseMs: 8_000, shortestLeaseMs: 8_000 };
  const { run, hostKey } = await createTinyRun(client, { spec: { policy }, isOpen: false });
  // The line of the directory is not written, so an alarm writes it five seconds later. So does the round that opens.
  await setFaults({ storage: 1 });
  await client.control(run, 'open', hostKey);
  await setFaults({ hungDirectory: 2 });
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('one volunteer');
  const { id } = await takeLease(client, run, volunteer);
  // An alarm that hangs is ended by workerd itself after about a minute.
  const ask = async () => (await entriesOf(client, run, 'lease-ended')).at(0);
  const ended = await until(ask, 'the deadline', boundMs(9_000));
  expect(ended).toMatchObject({ lease: id, why: 'the deadline passed' });
});

test('[EVENT2] a relay that could not be told for half a minute is told once it can be', async () => {
  const { client } = platform();
  const { run } = await createTinyRun(client);
  const socket = FrameSocket.ofView(client, run);
  await socket.open();
  await setFaults({ broken: ['tell'], hurry: HURRY });
  await joinMany(client, run, 1);
  // By these timers a minute and more passes.
  await rest(1_000);
  await setFaults({ hurry: HURRY });
  await socket.viewWhen(({ joined }) => joined === 1, 'the join');
  socket.close();
});

/** What a cohort has written down and the coordinator has not heard. */
const UNTOLD = `SELECT count(*) AS rows FROM returned
  WHERE number > (SELECT CAST(json AS INTEGER) FROM setting WHERE name = 'told')`;

test('an update that the coordinator could not be told of before all stopped is told by the alarm', async () => {
  const running = platform();
  const { client } = running;
  const tiny = await createTinyRun(client, { spec: { plan: { name: 'conventional' } } });
  const [first, second] = await joinMany(client, tiny.run, 3);
  if (!first || !second) throw new Error('two volunteers');
  await train(client, tiny, first, () => 0);
  await setFaults({ broken: ['report'] });
  const { id } = await train(client, tiny, second, () => 0);
  await running.stopAtOnce();
  const untold = editStorage(running.folder, 'cohorts', database =>
    Number(database.prepare(UNTOLD).get()?.rows),
  );
  expect(untold.filter(rows => rows > 0)).toEqual([1]);
  await running.start();
  const accepted = async () => (await entriesOf(running.client, tiny.run, 'update-accepted')).at(1);
  expect(await until(accepted, 'the entry')).toMatchObject({ lease: id });
});

test('[KEY2] a removal of which no cohort heard before all stopped is told by the alarm', async () => {
  const running = platform();
  const { client } = running;
  const { run, hostKey } = await createTinyRun(client, { spec: { plan: { name: 'conventional' } } });
  const [bad] = await joinMany(client, run, 1);
  if (!bad) throw new Error('one volunteer');
  const { id, token } = await takeLease(client, run, bad);
  await setFaults({ broken: ['bar'] });
  await expect(new RunHost(client, run, hostKey).removeVolunteer(bad.volunteer)).rejects.toThrow();
  const send = () => refusalOf(running.client.putUpdate(run, id, token, new Uint8Array(4)));
  expect(await send()).toMatchObject({ reason: 'malformed' });
  await running.stopAtOnce();
  await running.start();
  await until(async () => (await send()).reason === 'removed', 'the cohort to hear of it');
});

test('[KEY3] who joins with a key that is revoked meanwhile does not come in as referee', async () => {
  const { client } = platform();
  const { run, hostKey } = await createTinyRun(client);
  const host = new RunHost(client, run, hostKey);
  const { key, id } = await host.makeKey({ label: 'Ann', lastsMs: 3_600_000 });
  await setFaults({ signingMs: 3_000 });
  const refusal = refusalOf(joinRun(client, run, { nonce: createNonce() }, key));
  await rest(500);
  await host.revokeKey(id);
  expect(await refusal).toMatchObject({ reason: 'forbidden' });
  expect((await client.run(run)).view.joined).toBe(0);
});

test('[KEY7] of a fold that is under way while its run is deleted no shard is left', async () => {
  const { client, folder } = platform();
  const tiny = await createTinyRun(client);
  const shard = tiny.model.shards['segment-2']?.[0]?.sha256;
  // The student's cohort folds. The teacher's does not get a shard, three times.
  const hungBlobs = [0, 1, 2].map(less => `blobs/${shard}`.slice(0, 40 - less));
  await setFaults({ hungBlobs, hurry: HURRY });
  for (const volunteer of await joinMany(client, tiny.run, 2))
    await train(client, tiny, volunteer, () => 0.1875);
  // No other test of this file makes the same shards.
  const before = blobsOnDisk(folder);
  const made = () => blobsOnDisk(folder).filter(key => !before.includes(key));
  await until(async () => made().length > 0, 'the student to fold');
  expect((await client.run(tiny.run)).view.version).toBe(0);
  await setFaults({});
  await new RunHost(client, tiny.run, tiny.hostKey).deleteRun();
  await until(async () => made().length === 0, 'its shards to go');
});
