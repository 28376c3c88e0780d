import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { afterAll, expect, it } from 'vitest';
import { applyMigrations } from '../../client/headless/local-platform/apply-migrations.ts';
import { packageRoot } from '../../client/headless/package-root.ts';
import { DirectoryWriter } from '../../worker/coordinator/directory-writer.ts';
import { listRuns } from '../../worker/storage/directory.ts';

const miniflare = new Miniflare({
  modules: true,
  script: 'export default {}',
  d1Databases: ['DB'],
  cf: false,
});
afterAll(() => miniflare.dispose());

const line = {
  ...{ run: 'run1234567', name: 'tiny', model: 'tiny', plan: 'conventional', dataset: 'glyphs' },
  ...{ phase: 'open', round: 1, rounds: 9, accuracy: null, createdAt: 1 },
  ...{ openedAt: 1, finishedAt: null, archived: false, here: null },
};

it('an older line that arrives after a newer one changes nothing', async () => {
  const database = await miniflare.getD1Database('DB');
  const { migrations } = JSON.parse(readFileSync(join(packageRoot, 'dist/worker/description.json'), 'utf8'));
  await applyMigrations(database, migrations);
  const writer = new DirectoryWriter(database);
  await writer.write(line, 3, 1);
  await writer.write({ ...line, round: 3 }, 40, 1);
  await writer.write({ ...line, round: 2 }, 20, 1);
  expect(await listRuns(database, false, 1)).toMatchObject([{ run: line.run, round: 3 }]);
  await writer.write({ ...line, round: 3, accuracy: 0.5 }, 40, 1);
  expect(await listRuns(database, false, 1)).toMatchObject([{ round: 3, accuracy: 0.5 }]);
  expect(writer.isBehind).toBe(false);
});

it('of lines that could not be written the newest is tried again', async () => {
  const database = await miniflare.getD1Database('DB');
  const writer = new DirectoryWriter(database);
  await database.exec('ALTER TABLE runs RENAME TO away');
  await Promise.all([writer.write({ ...line, round: 6 }, 60, 1), writer.write({ ...line, round: 5 }, 50, 1)]);
  expect(writer.isBehind).toBe(true);
  await database.exec('ALTER TABLE away RENAME TO runs');
  await writer.retry();
  expect(await listRuns(database, false, 1)).toMatchObject([{ round: 6 }]);
  expect(writer.isBehind).toBe(false);
});
