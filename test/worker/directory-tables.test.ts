import { Miniflare } from 'miniflare';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bringUpToDate } from '../../worker/storage/bring-up-to-date.ts';
import { tableChanges } from '../../worker/storage/directory-tables.ts';
import { editStorage } from '../support/edit-storage.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

/** What the Worker itself did at its first request before there were migrations, to the letter. */
const OLD_SCHEMA = [
  `CREATE TABLE IF NOT EXISTS runs (
     run TEXT PRIMARY KEY, name TEXT NOT NULL, model TEXT NOT NULL, plan TEXT NOT NULL, dataset TEXT NOT NULL,
     phase TEXT NOT NULL, round INTEGER NOT NULL, rounds INTEGER NOT NULL, accuracy REAL, createdAt INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS datasets (name TEXT PRIMARY KEY, dataset TEXT NOT NULL, createdAt INTEGER NOT NULL)`,
];

const OLD_RUN = `INSERT INTO runs VALUES ('oldrun1234', 'of last year', 'cnn', 'growing', 'glyphs', 'paused', 3, 9, 0.5, 1)`;

const appliedIn = (folder: string): unknown[] =>
  editStorage(folder, 'directory', database =>
    database
      .prepare('SELECT name FROM d1_migrations')
      .all()
      .map(({ name }) => name),
  ).flat();

const names = tableChanges.map(({ name }) => name);

describe('the tables of the directory', () => {
  let platform: TestPlatform;
  beforeEach(async () => {
    platform = new TestPlatform();
    await platform.start();
  });
  afterEach(() => platform.remove());

  it('are made at the first call that needs them, by every change once', async () => {
    expect(await platform.client.listRuns()).toEqual([]);
    await platform.restart();
    await platform.stop();
    expect(appliedIn(platform.folder)).toEqual(names);
  });

  it('that an earlier Worker made by itself go on with their runs, beside new ones', async () => {
    await platform.client.listRuns();
    await platform.stop();
    editStorage(platform.folder, 'directory', database => {
      for (const table of ['runs', 'datasets', 'deleted_runs', 'blob_names', 'd1_migrations'])
        database.exec(`DROP TABLE ${table}`);
      for (const statement of [...OLD_SCHEMA, OLD_RUN]) database.exec(statement);
    });
    await platform.start();
    const { run } = await createTinyRun(platform.client);
    const listed = await platform.client.listRuns();
    expect(listed.map(listing => listing.run)).toEqual([run, 'oldrun1234']);
    expect(listed[1]).toMatchObject({ name: 'of last year', phase: 'paused', round: 3, accuracy: 0.5 });
    await platform.stop();
    expect(appliedIn(platform.folder)).toEqual(names);
  });
});

describe('a change of the tables', () => {
  let miniflare: Miniflare;
  beforeAll(() => {
    miniflare = new Miniflare({ modules: true, script: 'export default {}', d1Databases: ['DB'], cf: false });
  });
  afterAll(() => miniflare.dispose());

  it('that fails says which it is and changes nothing; those before it stay', async () => {
    const database = await miniflare.getD1Database('DB');
    const good = { name: '0001_a.sql', statements: ['CREATE TABLE a (x)'] };
    const bad = { name: '0002_b.sql', statements: ['CREATE TABLE b (x)', 'INSERT INTO nowhere VALUES (1)'] };
    await expect(bringUpToDate(database, [good, bad])).rejects.toThrow('0002_b.sql');
    const mended = { ...bad, statements: ['CREATE TABLE b (x)'] };
    await bringUpToDate(database, [good, mended]);
    const { results } = await database.prepare('SELECT name FROM d1_migrations ORDER BY id').all();
    expect(results).toEqual([{ name: '0001_a.sql' }, { name: '0002_b.sql' }]);
  });

  it('that several isolates apply at once is applied by one of them, and none fails', async () => {
    const database = await miniflare.getD1Database('DB');
    const change = { name: '0003_c.sql', statements: ['CREATE TABLE c (x)', 'ALTER TABLE c ADD COLUMN y'] };
    await Promise.all(Array.from({ length: 5 }, () => bringUpToDate(database, [change])));
    const { results } = await database.prepare("SELECT COUNT(*) AS n FROM pragma_table_info('c')").all();
    expect(results).toEqual([{ n: 2 }]);
  });
});
