import { Miniflare } from 'miniflare';
import { afterAll, expect, it } from 'vitest';
import { DirectoryWriter } from '../../worker/coordinator/directory-writer.ts';
import { bringUpToDate } from '../../worker/storage/bring-up-to-date.ts';
import { findRun, type ListWish, listRuns, unlistRun } from '../../worker/storage/directory.ts';

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

const publicOnly: ListWish = { archived: false, unlisted: false, known: [] };

it('an older line that arrives after a newer one changes nothing', async () => {
  const database = await miniflare.getD1Database('DB');
  await bringUpToDate(database);
  const writer = new DirectoryWriter(database);
  await writer.write(line, 3, 1);
  await writer.write({ ...line, round: 3 }, 40, 1);
  await writer.write({ ...line, round: 2 }, 20, 1);
  expect(await listRuns(database, publicOnly, 1)).toMatchObject([{ run: line.run, round: 3 }]);
  await writer.write({ ...line, round: 3, accuracy: 0.5 }, 40, 1);
  expect(await listRuns(database, publicOnly, 1)).toMatchObject([{ round: 3, accuracy: 0.5 }]);
  expect(writer.isBehind).toBe(false);
});

it('[VIEW8] a line names the version of its accuracy, and one of an older release names none', async () => {
  const database = await miniflare.getD1Database('DB');
  const writer = new DirectoryWriter(database);
  expect((await listRuns(database, publicOnly, 1))[0]).not.toHaveProperty('tested');
  const tested = { version: 3, accuracy: 0.5, loss: 1, at: 7, unconfirmed: true as const };
  await writer.write({ ...line, round: 5, version: 4, tested, closing: true }, 50, 1);
  expect(await listRuns(database, publicOnly, 1)).toMatchObject([{ version: 4, tested, closing: true }]);
  await writer.write({ ...line, round: 5, version: 5, tested: null }, 51, 1);
  const [last] = await listRuns(database, publicOnly, 1);
  expect(last).toMatchObject({ version: 5, tested: null });
  expect(last).not.toHaveProperty('closing');
});

it('of lines that could not be written the newest is tried again', async () => {
  const database = await miniflare.getD1Database('DB');
  const writer = new DirectoryWriter(database);
  await database.exec('ALTER TABLE runs RENAME TO away');
  await Promise.all([writer.write({ ...line, round: 6 }, 60, 1), writer.write({ ...line, round: 5 }, 50, 1)]);
  expect(writer.isBehind).toBe(true);
  await database.exec('ALTER TABLE away RENAME TO runs');
  await writer.retry();
  expect(await listRuns(database, publicOnly, 1)).toMatchObject([{ round: 6 }]);
  expect(writer.isBehind).toBe(false);
});

it('a line is due again when others are here, and now and then to say that they still are', async () => {
  const writer = new DirectoryWriter(await miniflare.getD1Database('DB'));
  expect(writer.hereDueAt(null, 1_000)).toBe(Number.POSITIVE_INFINITY);
  expect(writer.hereDueAt(2, 100_000)).toBe(100_000);
  await writer.write({ ...line, here: 2 }, 90, 100_000);
  expect(writer.hereDueAt(2, 100_001)).toBe(400_000);
  // People come and go all the time, and each line costs.
  expect(writer.hereDueAt(3, 100_001)).toBe(115_000);
  // The object may sleep before a later line, and then nobody would write that the last one has left.
  expect(writer.hereDueAt(0, 100_001)).toBe(100_001);
  await writer.write({ ...line, here: 0 }, 90, 200_000);
  expect(writer.hereDueAt(0, 200_001)).toBe(Number.POSITIVE_INFINITY);
});

it('nobody is here of a run whose line is old', async () => {
  const database = await miniflare.getD1Database('DB');
  await new DirectoryWriter(database).write({ ...line, here: 2 }, 91, 1_000_000);
  const here = async (now: number) => (await listRuns(database, publicOnly, now))[0]?.here;
  expect(await here(1_300_000)).toBe(2);
  expect(await here(2_000_000)).toBe(0);
});

it('[KEY7] the line of a deleted run does not come back with one that was on its way', async () => {
  const database = await miniflare.getD1Database('DB');
  await unlistRun(database, line.run, 5);
  await new DirectoryWriter(database).write(line, 99, 2_000_000);
  expect(await listRuns(database, { ...publicOnly, archived: true }, 2_000_000)).toEqual([]);
  expect(await findRun(database, line.run)).toBe('deleted');
});
