import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { editStorage } from '../support/edit-storage.ts';
import { readState } from '../support/older-coordinator.ts';
import { entriesOf, publishedVersion, readLedger, until } from '../support/poll.ts';
import { rawPut } from '../support/raw-put.ts';
import { objectsHold } from '../support/stored-files.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { changedShards } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  joinRun,
  refusalOf,
  takeLease,
  tinyGlyphs,
  train,
} from '../support/tiny-run.ts';

/** A platform a test: each holds one run, whose rows are looked at while it is stopped. */
let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform();
  await platform.start();
});
afterEach(() => platform.remove());

/** The first data set: the spoilt directory below works again once there is one. */
async function putTinyDataset(client: HomeroomClient): Promise<void> {
  const bytes = new Uint8Array(16 + 785);
  const part = { sha256: sha256Hex(bytes), bytes: bytes.length, examples: 1 };
  await client.putBlob(part.sha256, bytes);
  const shape = { height: 28, width: 28, channels: 1 };
  const { partition } = tinyGlyphs;
  await client.putDataset({
    ...{ kind: 'hosted', name: 'few digits', partition, shape, classes: 10 },
    ...{ train: [part], test: [part] },
  });
}

const edit = async (sql: string, ...values: string[]): Promise<void> => {
  await platform.stop();
  editStorage(platform.folder, 'coordinators', database => database.prepare(sql).run(...values));
  await platform.start();
};

test('a view of more than a row of SQLite holds is kept, and a restart tells the same', async () => {
  const tiny = await createTinyRun(platform.client);
  await platform.stop();
  editStorage(platform.folder, 'coordinators', database => {
    const insert = database.prepare("INSERT INTO ledger (seq, at, json, changes) VALUES (?, ?, ?, '{}')");
    const joined = { type: 'volunteer-joined', name: 'x'.repeat(2_000), backend: 'cpu', referee: false };
    // Event 1 is the opening. These steps are enough for a snapshot, which is taken after the next one.
    for (let seq = 2; seq < 1_200; seq++)
      insert.run(seq, 1, JSON.stringify({ ...joined, volunteer: `volunteer${seq}` }));
  });
  await platform.start();
  const { volunteer } = await joinRun(platform.client, tiny.run);
  const { view } = await platform.client.run(tiny.run);
  expect(view.volunteers[volunteer]?.name).toBe('Ada');
  expect(view.joined).toBe(1_199);
  await platform.stop();
  const [kept] = editStorage(platform.folder, 'coordinators', database =>
    database
      .prepare(
        "SELECT sum(json_array_length(json)) AS volunteers FROM snapshot WHERE kind = 'view-volunteer'",
      )
      .get(),
  );
  expect(kept).toEqual({ volunteers: 1_199 });
  await platform.start();
  const again = (await platform.client.run(tiny.run)).view;
  expect(again).toEqual(view);
  expect(Object.keys(again.volunteers)).toEqual(Object.keys(view.volunteers));
});

const timing = { startedAt: 1, macs: 1, overdueAt: 1, isKnown: true };

test.each([
  ['end', { deadlineAt: 1 }],
  ['lose their places', { deadlineAt: Date.UTC(2100), timing }],
])('a crowd’s leases that %s together are more than a row of SQLite holds, and are kept', async (_, due) => {
  const tiny = await createTinyRun(platform.client);
  const leases = 20_000;
  await platform.stop();
  // As if the platform had been away for longer than the leases may take.
  editStorage(platform.folder, 'coordinators', database => {
    const insert = database.prepare("INSERT INTO snapshot (kind, place, json) VALUES ('lease', ?, ?)");
    const lease = { role: 'student', round: 1, parts: [0], examples: 10, ...due };
    for (let place = 0; place < leases / 200; place++) {
      const row = Array.from({ length: 200 }, (_, i) => place * 200 + i);
      const named = row.map(i => ({ ...lease, id: `lease${i}abcdef`, volunteer: `volunteer${i}` }));
      insert.run(place, JSON.stringify(named));
    }
  });
  await platform.start();
  await joinRun(platform.client, tiny.run);
  const { view } = await platform.client.run(tiny.run);
  expect(view).toMatchObject({ joined: 1, seq: 1 + leases + 1 });
  await platform.restart();
  expect((await platform.client.run(tiny.run)).view).toEqual(view);
  const ledger = await readLedger(platform.client, tiny.run);
  expect(ledger.map(({ seq }) => seq)).toEqual(Array.from({ length: leases + 2 }, (_, i) => i + 1));
  await joinRun(platform.client, tiny.run);
  expect((await platform.client.run(tiny.run)).view.seq).toBe(view.seq + 1);
});

test('a run wakes whose last step without entries took back the one before, as a fold does that gets further after a failure', async () => {
  const tiny = await createTinyRun(platform.client);
  await edit(
    `INSERT INTO item (kind, id, json)
       SELECT 'pending', '', json_object('seq', max(seq), 'changes', NULL) FROM ledger`,
  );
  expect((await platform.client.run(tiny.run)).view.phase).toBe('open');
  await joinRun(platform.client, tiny.run);
});

test('a snapshot that fails loses no step and refuses nobody', async () => {
  const tiny = await createTinyRun(platform.client);
  await edit(
    "CREATE TRIGGER spoil BEFORE INSERT ON snapshot WHEN NEW.kind LIKE 'view%' BEGIN SELECT RAISE(ABORT, 'spoiled'); END",
  );
  // More than the 256 steps after which a snapshot is due.
  await joinMany(platform.client, tiny.run, 260);
  const { view } = await platform.client.run(tiny.run);
  expect(view.joined).toBe(260);
  await platform.restart();
  expect((await platform.client.run(tiny.run)).view).toEqual(view);
});

test('rounds outlive the snapshot in their order, the twelfth after the second', async () => {
  const tiny = await createTinyRun(platform.client, {
    spec: { rounds: 30, policy: { evaluators: 'referees' } },
  });
  const pair = await joinMany(platform.client, tiny.run, 2);
  for (let round = 1; round <= 12; round++) {
    for (const volunteer of pair) await train(platform.client, tiny, volunteer, () => 0);
    await until(async () => (await platform.client.run(tiny.run)).view.version === round, `version ${round}`);
  }
  // By then a snapshot was taken.
  await joinMany(platform.client, tiny.run, 200);
  const { view } = await platform.client.run(tiny.run);
  await platform.restart();
  const { rounds } = (await platform.client.run(tiny.run)).view;
  expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(rounds).toEqual(view.rounds);
});

function all(database: DatabaseSync, table: string): unknown[] {
  const select = database.prepare(`SELECT * FROM ${table}`);
  // The alarm's moment is in nanoseconds.
  select.setReadBigInts(true);
  return select.all();
}

/** All that a coordinator has stored, its alarm included. */
const rowsOf = (): unknown =>
  editStorage(platform.folder, 'coordinators', database =>
    ['item', 'ledger', 'snapshot', 'version', '_cf_METADATA'].map(table => all(database, table)),
  );

test('who asks in vain writes no row, and none has a shard but that of a version', async () => {
  const tiny = await createTinyRun(platform.client, {
    spec: { policy: { rounds: 'synchronous' } },
  });
  const [first, second, third] = await joinMany(platform.client, tiny.run, 3);
  if (!first || !second || !third) throw new Error('three volunteers');
  await takeLease(platform.client, tiny.run, first);
  await takeLease(platform.client, tiny.run, second);
  await platform.stop();
  const before = rowsOf();
  await platform.start();
  for (let i = 0; i < 3; i++)
    expect(await platform.client.lease(tiny.run, third.token)).toMatchObject({ type: 'wait' });
  await platform.stop();
  expect(rowsOf()).toEqual(before);
  const state = editStorage(platform.folder, 'coordinators', database =>
    database.prepare('SELECT json, changes AS more FROM ledger UNION SELECT json, NULL FROM snapshot').all(),
  );
  expect(JSON.stringify(state)).not.toContain('sha256');
});

test('what a step without entries changed outlives the object: a fold while another one fails', async () => {
  const tiny = await createTinyRun(platform.client, { spec: { policy: { evaluators: 'referees' } } });
  const pair = await joinMany(platform.client, tiny.run, 2);
  for (const volunteer of pair) {
    const { id, token } = await takeLease(platform.client, tiny.run, volunteer);
    // Refused, but its cohort has its tables now.
    await refusalOf(platform.client.putUpdate(tiny.run, id, token, Uint8Array.of(1)));
  }
  await platform.stop();
  const teachers = "(SELECT 1 FROM setting WHERE name = 'sender' AND json LIKE '%teacher%')";
  const spoil = `BEFORE INSERT ON folded WHEN EXISTS ${teachers} BEGIN SELECT RAISE(ABORT, 'spoiled'); END`;
  editStorage(platform.folder, 'cohorts', database => database.exec(`CREATE TRIGGER spoil ${spoil}`));
  await platform.start();
  for (const volunteer of pair) await train(platform.client, tiny, volunteer, () => 0.5);
  await until(() => objectsHold(platform.folder, '"folded":{"fields":{"student"'), 'the fold of one role');
  await platform.stopAtOnce();
  const [state] = editStorage(platform.folder, 'coordinators', readState);
  expect(state?.round).toMatchObject({ status: 'folding', folded: { student: { updates: 1 } } });
  editStorage(platform.folder, 'cohorts', database => database.exec('DROP TRIGGER spoil'));
  await platform.start();
  const { segments } = await publishedVersion(platform.client, tiny.run, 1);
  for (const id of ['segment-1', 'segment-2'])
    expect(segments[id]?.shards).toEqual(changedShards(tiny.model, id, () => 0.5));
  await joinRun(platform.client, tiny.run);
  await platform.stop();
  const [after] = editStorage(platform.folder, 'coordinators', readState);
  expect(after).toMatchObject({ joined: 3, manifest: { version: 1 }, round: { number: 2 } });
});

test('the ledger is read from any entry on, from one within a step too', async () => {
  const tiny = await createTinyRun(platform.client);
  const pair = await joinMany(platform.client, tiny.run, 2);
  for (const volunteer of pair) await takeLease(platform.client, tiny.run, volunteer);
  await platform.client.control(tiny.run, 'finish', tiny.hostKey);
  const { events, last } = await platform.client.ledger(tiny.run, 0);
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  expect(events.slice(-3).map(({ event }) => event.type)).toEqual([
    'lease-ended',
    'lease-ended',
    'run-finished',
  ]);
  for (let after = 0; after <= last; after++)
    expect((await platform.client.ledger(tiny.run, after)).events).toEqual(events.slice(after));
});

test('a hundred forged updates of a round are written down, a restart between', async () => {
  const { run } = await createTinyRun(platform.client);
  const forge = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        rawPut(platform.client, paths.update(run, 'nosuchlease'), Uint8Array.of(1), { token: 'forged' }),
      ),
    );
  await forge(60);
  await platform.restart();
  const responses = await forge(60);
  expect(new Set(responses.map(({ reason }) => reason))).toEqual(new Set(['unauthorised']));
  expect(await entriesOf(platform.client, run, 'update-refused')).toHaveLength(100);
});

test('a run is created and opened while the directory fails, and listed as soon as that is back', async () => {
  await platform.client.listRuns();
  await platform.stop();
  editStorage(platform.folder, 'directory', database => {
    for (const change of ['INSERT', 'UPDATE'])
      database.exec(
        `CREATE TRIGGER fail_${change} BEFORE ${change} ON runs WHEN NOT EXISTS (SELECT * FROM datasets)
         BEGIN SELECT RAISE(ABORT, 'away'); END`,
      );
  });
  await platform.start();
  const { run } = await createTinyRun(platform.client);
  expect(await platform.client.listRuns()).toEqual([]);
  await putTinyDataset(platform.client);
  const listed = () => platform.client.listRuns();
  const [found] = await until(async () => (await listed()).length > 0 && listed(), 'the listing');
  expect(found).toMatchObject({ run, phase: 'open' });
});

test('a run finishes though a cohort fails to hear of it', async () => {
  const tiny = await createTinyRun(platform.client);
  const [first] = await joinMany(platform.client, tiny.run, 2);
  if (!first) throw new Error('two volunteers');
  await train(platform.client, tiny, first, () => 0);
  await platform.stop();
  const spoil = "BEGIN SELECT RAISE(ABORT, 'spoiled'); END";
  editStorage(platform.folder, 'cohorts', database =>
    database.exec(`CREATE TRIGGER spoil BEFORE INSERT ON setting ${spoil}`),
  );
  await platform.start();
  await platform.client.control(tiny.run, 'finish', tiny.hostKey);
  expect((await platform.client.run(tiny.run)).view.phase).toBe('finished');
});
