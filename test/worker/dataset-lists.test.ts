import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDataset, listData } from '../../client/platform/data-list.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import { summaryOf } from '../../shared/protocol/dataset-summary.ts';
import { datasetListSchema } from '../../shared/protocol/messages.ts';
import { partBytes } from '../../shared/protocol/part-size.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { bringUpToDate } from '../../worker/storage/bring-up-to-date.ts';
import { listSummaries, listWhole, putDataset } from '../../worker/storage/dataset-directory.ts';
import { usePlatform } from '../support/test-platform.ts';

const miniflare = new Miniflare({
  ...{ modules: true, script: 'export default {}', d1Databases: ['DB'], cf: false },
});
let database: Awaited<ReturnType<typeof miniflare.getD1Database>>;
beforeAll(async () => {
  database = await miniflare.getD1Database('DB');
  await bringUpToDate(database);
});
afterAll(() => miniflare.dispose());

const shape = { height: 1, width: 3, channels: 1 };
const part = { sha256: 'a'.repeat(64), bytes: partBytes(shape, 2), examples: 2 };

/** A set of so many training parts. */
const setOf = (name: string, parts: number): HostedDataset => ({
  ...{ kind: 'hosted', name, shape, classes: 2, source: 'by hand' },
  ...{ partition: { kind: 'iid' }, train: Array.from({ length: parts }, () => part), test: [part] },
});

const put = (set: HostedDataset, now: number) =>
  putDataset(database, set, { now, mayReplace: false, keyHash: null });

it('ten thousand parts of a set are some hundred characters in the list', async () => {
  await put(setOf('large', 10_000), 1);
  const [summary] = await listSummaries(database);
  expect(summary).toEqual({
    ...{ name: 'large', shape, classes: 2, isTable: false },
    ...{ source: 'by hand', train: { parts: 10_000, examples: 20_000 }, test: { parts: 1, examples: 2 } },
    ...{ bytes: 10_001 * part.bytes, createdAt: 1 },
  });
  expect(JSON.stringify(summary).length).toBeLessThan(400);
});

it('whole sets come newest first, as many as go into a reply, and a small one behind those that are too large', async () => {
  await put(setOf('larger', 9_000), 2);
  await put(setOf('small', 3), 0);
  expect((await listSummaries(database)).map(({ name }) => name)).toEqual(['larger', 'large', 'small']);
  expect((await listWhole(database)).map(({ name }) => name)).toEqual(['larger', 'small']);
});

it('sets of a release that wrote no sizes get them when they are listed', async () => {
  const older = setOf('older', 5);
  await database
    .prepare('INSERT INTO datasets (name, dataset, createdAt) VALUES (?,?,?)')
    .bind(older.name, JSON.stringify(older), 5)
    .run();
  expect((await listSummaries(database))[0]).toEqual({ ...summaryOf(older), createdAt: 5 });
  expect((await listWhole(database)).map(({ name }) => name)).toEqual(['older', 'larger', 'small']);
});

describe('over the API', () => {
  const platform = usePlatform();

  it('a release that knows no sizes reads the whole sets that it asked for', async () => {
    const { client } = platform;
    const bytes = new Uint8Array(part.bytes);

    const own = { ...part, sha256: sha256Hex(bytes) };
    await client.putBlob(own.sha256, bytes);
    const set = { ...setOf('..', 1), train: [own], test: [own] };
    await client.putDataset(set);
    const reply = await (await fetch(client.origin + paths.datasets)).json();
    expect(datasetListSchema.parse(reply).datasets).toEqual([set]);
    expect(await findDataset(client, '..')).toEqual(set);
    expect(await findDataset(client, 'none')).toBeNull();
    expect((await listData(client)).sets).toMatchObject([{ ...summaryOf(set) }]);
  });
});
