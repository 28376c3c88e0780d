import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { editStorage } from '../support/edit-storage.ts';
import { entriesOf, viewWhen } from '../support/poll.ts';
import { objectsHold } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinRun, refusalOf, type TinyRun, takeLease } from '../support/tiny-run.ts';

const platform = usePlatform();

const hostOf = ({ run, hostKey }: Pick<TinyRun, 'run' | 'hostKey'>): RunHost =>
  new RunHost(platform.client, run, hostKey);

const listed = async (run: string, archived = false) =>
  (await platform.client.listRuns({ archived })).find(listing => listing.run === run);

describe('a host is told', () => {
  test('whether its key is the right one, and the join code as it was given', async () => {
    const tiny = await createTinyRun(platform.client, { joinCode: 'Open-Sesame' });
    expect(await hostOf(tiny).about()).toEqual({
      ...{ caller: 'host', joinCode: 'Open-Sesame', archived: false, visibility: 'public' },
    });
    expect(await refusalOf(hostOf({ ...tiny, hostKey: 'not the key' }).about())).toMatchObject({
      ...{ status: 403, reason: 'forbidden', detail: 'this is not the host key of the run' },
    });
    const open = await createTinyRun(platform.client);
    expect(await hostOf(open).about()).toMatchObject({ joinCode: null });
    expect(await refusalOf(hostOf({ ...open, hostKey: tiny.hostKey }).about())).toMatchObject({
      reason: 'forbidden',
    });
  });

  test('the join code after a restart too, and no storage has it as text', async () => {
    const tiny = await createTinyRun(platform.client, { joinCode: 'Frobnicate' });
    await platform.restart();
    expect(await hostOf(tiny).about()).toMatchObject({ joinCode: 'Frobnicate' });
    for (const text of ['Frobnicate', 'frobnicate'])
      expect(await objectsHold(platform.folder, text)).toBe(false);
  });

  test('no join code of a run whose code an older release kept as a hash, and that code opens as it was typed', async () => {
    const tiny = await createTinyRun(platform.client, { joinCode: 'placeholder' });
    await platform.stop();
    const hash = createHash('sha256').update('Old Code').digest('hex');
    editStorage(platform.folder, 'coordinators', database =>
      database.exec(`UPDATE item SET json = json_remove(json_set(json, '$.joinCodeHash', '${hash}'), '$.sealedJoinCode')
        WHERE kind = 'identity' AND json LIKE '%"run":"${tiny.run}"%'`),
    );
    await platform.start();
    expect(await hostOf(tiny).about()).toMatchObject({ joinCode: null });
    expect((await platform.client.run(tiny.run)).needsCode).toBe(true);
    await joinRun(platform.client, tiny.run, { code: 'Old Code' });
    expect(await refusalOf(joinRun(platform.client, tiny.run, { code: 'other code' }))).toMatchObject({
      reason: 'wrong-code',
    });
  });
});

test('a join code opens whatever its capitals, spaces and hyphens', async () => {
  const { run } = await createTinyRun(platform.client, { joinCode: 'Open-Sesame' });
  for (const code of ['Open-Sesame', 'opensesame', ' OPEN SESAME '])
    await joinRun(platform.client, run, { code });
  expect(await refusalOf(createTinyRun(platform.client, { joinCode: '- a - b - c' }))).toMatchObject({
    detail: 'joinCode: a code that is too short',
  });
});

describe('[KEY5] a volunteer whom the host gives another name', () => {
  test('is shown by it, and the ledger tells', async () => {
    const tiny = await createTinyRun(platform.client);
    const { volunteer } = await joinRun(platform.client, tiny.run, { name: 'Rude' });
    await hostOf(tiny).renameVolunteer(volunteer, ' Kind ');
    await hostOf(tiny).renameVolunteer(volunteer, 'Kind');
    const { view } = await platform.client.run(tiny.run);
    expect(view.volunteers[volunteer]?.name).toBe('Kind');
    expect(await entriesOf(platform.client, tiny.run, 'volunteer-renamed')).toEqual([
      { type: 'volunteer-renamed', volunteer, name: 'Kind' },
    ]);
    await platform.restart();
    expect((await platform.client.run(tiny.run)).view.volunteers[volunteer]?.name).toBe('Kind');
  });

  test('keeps its name if the new one is none, and must have joined', async () => {
    const tiny = await createTinyRun(platform.client);
    const { volunteer } = await joinRun(platform.client, tiny.run);
    for (const name of ['', ' ', 'x'.repeat(41), 'two\nlines'])
      expect(await refusalOf(hostOf(tiny).renameVolunteer(volunteer, name))).toMatchObject({
        reason: 'malformed',
      });
    expect(await refusalOf(hostOf(tiny).renameVolunteer('nosuchvolunteer', 'Kind'))).toMatchObject({
      reason: 'not-found',
    });
  });
});

describe('[KEY6] a run in the archive', () => {
  test('is not listed unless it is asked for, says so, stays readable, and comes back', async () => {
    const tiny = await createTinyRun(platform.client);
    expect(await refusalOf(hostOf(tiny).archive(true))).toMatchObject({
      ...{ reason: 'run-not-open', detail: 'the run is open: pause or finish it before you archive it' },
    });
    await platform.client.control(tiny.run, 'pause', tiny.hostKey);
    await hostOf(tiny).archive(true);
    expect(await listed(tiny.run)).toBeUndefined();
    expect(await listed(tiny.run, true)).toMatchObject({ archived: true });
    expect(await platform.client.run(tiny.run)).toMatchObject({ archived: true });
    expect(await hostOf(tiny).about()).toMatchObject({ archived: true });
    await platform.client.version(tiny.run, 0);
    await platform.restart();
    expect(await platform.client.run(tiny.run)).toMatchObject({ archived: true });
    await hostOf(tiny).archive(false);
    expect(await listed(tiny.run)).toMatchObject({ archived: false });
    expect((await platform.client.run(tiny.run)).archived).toBeUndefined();
    await platform.client.control(tiny.run, 'resume', tiny.hostKey);
  });

  test('takes no change: nobody joins, no lease is granted, no order is taken', async () => {
    const tiny = await createTinyRun(platform.client);
    const volunteer = await joinRun(platform.client, tiny.run);
    await platform.client.control(tiny.run, 'pause', tiny.hostKey);
    await hostOf(tiny).archive(true);
    const host = hostOf(tiny);
    const changes = [
      () => joinRun(platform.client, tiny.run),
      () => platform.client.lease(tiny.run, volunteer.token),
      () => platform.client.control(tiny.run, 'resume', tiny.hostKey),
      () => platform.client.control(tiny.run, 'finish', tiny.hostKey),
      () => host.renameVolunteer(volunteer.volunteer, 'Bea'),
      () => host.removeVolunteer(volunteer.volunteer),
      () => host.takeBack(0),
    ];
    for (const change of changes) expect(await refusalOf(change())).toMatchObject({ reason: 'archived' });
    await host.archive(false);
    await platform.client.control(tiny.run, 'resume', tiny.hostKey);
    await takeLease(platform.client, tiny.run, volunteer);
  });
});

test('the list says when a run was made, opened and finished', async () => {
  const before = Date.now();
  const tiny = await createTinyRun(platform.client, { isOpen: false });
  expect(await listed(tiny.run)).toMatchObject({ openedAt: null, finishedAt: null, here: null });
  await platform.client.control(tiny.run, 'open', tiny.hostKey);
  await platform.client.control(tiny.run, 'finish', tiny.hostKey);
  await viewWhen(platform.client, tiny.run, ({ phase }) => phase === 'finished', 'the end');
  const listing = await listed(tiny.run);
  for (const at of [listing?.createdAt, listing?.openedAt, listing?.finishedAt])
    expect(at).toBeGreaterThanOrEqual(before);
});

test('a host asks once which blobs are lacking', async () => {
  const { blobs } = createTinyModel();
  const names = blobs.map(({ sha256 }) => sha256);
  await platform.client.putBlob(names[0] ?? '', blobs[0]?.bytes ?? new Uint8Array());
  const missing = 'a'.repeat(64);
  expect(await platform.client.lackingBlobs([names[0] ?? '', missing])).toEqual([missing]);
  const many = Array.from({ length: 450 }, (_, i) => i.toString(16).padStart(64, '0'));
  expect(await platform.client.lackingBlobs(many)).toEqual(many);
  const response = await fetch(platform.client.origin + paths.lackingBlobs, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ sha256: new Array(201).fill(missing) }),
  });
  expect(response.status).toBe(400);
});
