import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findDataset } from '../../client/platform/data-list.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { builtInNames, type HostedDataset } from '../../shared/protocol/dataset.ts';
import { until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, refusalOf } from '../support/tiny-run.ts';

const platform = usePlatform();

/** A set whose parts are uploaded. Sets with other pictures have parts of other names. */
async function uploaded(name: string, pixel: number): Promise<HostedDataset> {
  const bytes = new Uint8Array(24).fill(pixel);
  const sha256 = sha256Hex(bytes);
  await platform.client.putBlob(sha256, bytes);
  const part = { sha256, bytes: bytes.length, examples: 2 };
  const shape = { height: 1, width: 3, channels: 1 };
  return {
    ...{ kind: 'hosted', name, shape, classes: 2, partition: { kind: 'iid' } },
    ...{ train: [part], test: [part] },
  };
}

const listed = async (name: string): Promise<unknown> =>
  (await findDataset(platform.client, name)) ?? undefined;

test('a name that is taken stays its owner’s: a stranger’s set of that name is refused, and the list says the first one', async () => {
  const { client } = platform;
  const first = await uploaded('mnist', 1);
  await client.putDataset(first);
  expect(await refusalOf(client.putDataset(await uploaded('mnist', 2)))).toMatchObject({
    status: 409,
    reason: 'name-taken',
    detail: 'mnist',
  });
  expect(await refusalOf(client.putDataset(await uploaded('mnist', 2), 'f'.repeat(64)))).toMatchObject({
    reason: 'name-taken',
  });
  expect(await listed('mnist')).toEqual(first);
  // A call whose reply was lost is sent again.
  await client.putDataset(first);
});

test.each(builtInNames)('no set that is uploaded is called %s, as a built-in one is', async name => {
  expect(await refusalOf(platform.client.putDataset(await uploaded(name, 1)))).toMatchObject({
    reason: 'name-taken',
    detail: `${name} is built in`,
  });
});

test('a table is listed with how its numbers became bytes and where it is from', async () => {
  const columns = ['x', 'y', 'z'].map(name => ({ name, least: -1.5, most: 2 }));
  const table = { ...(await uploaded('table', 1)), columns, source: 'made by hand, CC0' };
  await platform.client.putDataset(table);
  expect(await listed('table')).toEqual(table);
  for (const wrong of [columns.slice(1), columns.map(column => ({ ...column, most: -2 }))])
    expect(await refusalOf(platform.client.putDataset({ ...table, columns: wrong }))).toMatchObject({
      status: 400,
    });
});

test('of two that come at once one is listed, and the other is told', async () => {
  const { client } = platform;
  const sets = await Promise.all([1, 2, 3].map(pixel => uploaded('numerals', pixel)));
  const results = await Promise.allSettled(sets.map(set => client.putDataset(set)));
  const taken = results.findIndex(({ status }) => status === 'fulfilled');
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await listed('numerals')).toEqual(sets[taken]);
});

test('the owner of the platform replaces it: the key lies in the data folder', async () => {
  const { client, folder } = platform;
  const [first, second] = [await uploaded('faces', 1), await uploaded('faces', 2)];
  await client.putDataset(first);
  await client.putDataset(second, readFileSync(join(folder, 'deployment-key'), 'utf8'));
  expect(await listed('faces')).toEqual(second);
});

const KEY = 'c'.repeat(64);

test('[KEY7] whoever uploaded a data set deletes it with the key of the upload, and nobody else but the owner does', async () => {
  const { client, folder } = platform;
  const mine = await uploaded('mine', 31);
  expect(await client.putDataset(mine, undefined, KEY)).toBe(true);
  // To list the same again gives nobody another right.
  expect(await client.putDataset(mine, undefined, 'd'.repeat(64))).toBe(false);
  for (const key of ['', 'd'.repeat(64)])
    expect(await refusalOf(client.removeDataset('mine', key))).toMatchObject({ reason: 'forbidden' });
  await client.removeDataset('mine', KEY);
  expect(await listed('mine')).toBeUndefined();
  expect(await refusalOf(client.removeDataset('mine', KEY))).toMatchObject({
    reason: 'not-found',
    detail: 'the data set mine',
  });
  const next = await uploaded('mine', 32);
  await client.putDataset(next);
  expect(await refusalOf(client.removeDataset('mine', KEY)), 'a key of an earlier set').toMatchObject({
    reason: 'forbidden',
  });
  await client.removeDataset('mine', readFileSync(join(folder, 'deployment-key'), 'utf8'));
  expect(await listed('mine')).toBeUndefined();
});

test('[KEY7] a data set that a run was made with is not deleted: the refusal names the run, until that is deleted', async () => {
  const { client } = platform;
  const shape = { height: 28, width: 28, channels: 1 };
  const bytes = new Uint8Array(16 + 2 * 785).fill(3);
  const part = { sha256: sha256Hex(bytes), bytes: bytes.length, examples: 2 };
  await client.putBlob(part.sha256, bytes);
  const dataset: HostedDataset = {
    ...{ kind: 'hosted', name: 'faces of us', shape, classes: 10, partition: { kind: 'iid' } },
    ...{ train: [part], test: [part] },
  };
  await client.putDataset(dataset, undefined, KEY);
  const { run, hostKey } = await createTinyRun(client, { spec: { name: 'Our faces', dataset } });
  const isNamed = () => refusalOf(client.removeDataset('faces of us', KEY));
  // At first it is known by the name of its data, and soon by the parts that it names.
  for (const _ of Array.from({ length: 5 }))
    expect(await isNamed()).toMatchObject({ status: 409, reason: 'in-use', detail: 'Our faces' });
  expect(await listed('faces of us')).toEqual(dataset);
  await new RunHost(client, run, hostKey).deleteRun();
  await until(async () => {
    await client.removeDataset('faces of us', KEY).catch(() => {});
    return (await listed('faces of us')) === undefined;
  }, 'the data set goes when no run has it');
});

test('[KEY7] the key of a data set is told as its hash, and anything else is refused', async () => {
  const dataset = await uploaded('hashed', 41);
  const response = await fetch(`${platform.client.origin}/api/datasets?keyHash=short`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(dataset),
  });
  expect(response.status).toBe(400);
  expect(await listed('hashed')).toBeUndefined();
});
