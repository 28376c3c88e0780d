import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { editStorage } from '../support/edit-storage.ts';
import { entriesOf, until } from '../support/poll.ts';
import { rawPut } from '../support/raw-put.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, joinRun, takeLease, tinyGlyphs, train } from '../support/tiny-run.ts';

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
    ...{ kind: 'hosted', name: 'digits', partition, shape, classes: 10 },
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
    const insert = database.prepare('INSERT INTO ledger (seq, at, json) VALUES (?, ?, ?)');
    const joined = { type: 'volunteer-joined', name: 'x'.repeat(2_000), backend: 'cpu', referee: false };
    // Event 1 is the opening; the next one after these, number 1,200, is that of a snapshot.
    for (let seq = 2; seq < 1_200; seq++)
      insert.run(seq, 1, JSON.stringify({ ...joined, volunteer: `volunteer${seq}` }));
  });
  await platform.start();
  const { volunteer } = await joinRun(platform.client, tiny.run);
  const { view } = await platform.client.run(tiny.run);
  expect(view.volunteers[volunteer]?.name).toBe('Ada');
  expect(JSON.stringify(view).length).toBeGreaterThan(2_400_000);
  await platform.stop();
  const [kept] = editStorage(platform.folder, 'coordinators', database =>
    database.prepare("SELECT count(*) AS rows FROM item WHERE kind = 'view-volunteer'").get(),
  );
  expect(kept).toEqual({ rows: 1_199 });
  await platform.start();
  const again = (await platform.client.run(tiny.run)).view;
  expect(again).toEqual(view);
  expect(Object.keys(again.volunteers)).toEqual(Object.keys(view.volunteers));
});

test('a snapshot that fails loses no step and refuses nobody', async () => {
  const tiny = await createTinyRun(platform.client);
  await edit(
    "CREATE TRIGGER spoil BEFORE INSERT ON item WHEN NEW.kind LIKE 'view%' BEGIN SELECT RAISE(ABORT, 'spoiled'); END",
  );
  // More than the 200 events after which a snapshot is due.
  await joinMany(platform.client, tiny.run, 210);
  const { view } = await platform.client.run(tiny.run);
  expect(Object.keys(view.volunteers)).toHaveLength(210);
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
  const { seq } = (await platform.client.run(tiny.run)).view;
  await joinMany(platform.client, tiny.run, 200 - (seq % 200));
  const { view } = await platform.client.run(tiny.run);
  await platform.restart();
  const { rounds } = (await platform.client.run(tiny.run)).view;
  expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(rounds).toEqual(view.rounds);
});

test('who asks in vain writes no core, and a core holds no shard', async () => {
  const tiny = await createTinyRun(platform.client);
  const [first, second, third] = await joinMany(platform.client, tiny.run, 3);
  if (!first || !second || !third) throw new Error('three volunteers');
  await takeLease(platform.client, tiny.run, first);
  await takeLease(platform.client, tiny.run, second);
  // Whoever writes the row anew loses the mark.
  await edit("UPDATE item SET json = json_set(json, '$.mark', 'unwritten') WHERE kind = 'core'");
  for (let i = 0; i < 3; i++)
    expect(await platform.client.lease(tiny.run, third.token)).toMatchObject({ type: 'wait' });
  await platform.stop();
  const [core] = editStorage(platform.folder, 'coordinators', database =>
    database.prepare("SELECT json FROM item WHERE kind = 'core'").get(),
  );
  expect(core?.json).toContain('unwritten');
  expect(core?.json).not.toContain('sha256');
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
