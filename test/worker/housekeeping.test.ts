import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OwnershipCalls } from '../../client/platform/ownership.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import { createRandom } from '../../shared/math/random.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import type { StorageUsage } from '../../shared/protocol/storage-usage.ts';
import { editStorage } from '../support/edit-storage.ts';
import { archivedRound, publishedVersion, until } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, type TinyRun, tinyGlyphs, train } from '../support/tiny-run.ts';

const KEY = 'a deployment key of a test';
const TWO_DAYS_MS = 2 * 86_400_000;

let platform: TestPlatform;

const hasObjects = (database: DatabaseSync): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'objects'").all().length > 0;

/** What lies in storage becomes two days older. */
async function age(): Promise<void> {
  await platform.stop();
  editStorage(platform.folder, 'bucket', database =>
    database.exec(`UPDATE _mf_objects SET uploaded = uploaded - ${TWO_DAYS_MS}`),
  );
  editStorage(platform.folder, 'shelves', database =>
    database.exec(hasObjects(database) ? `UPDATE objects SET uploaded = uploaded - ${TWO_DAYS_MS}` : ''),
  );
  await platform.start();
}

const owner = (): OwnershipCalls => new OwnershipCalls(platform.client.origin);

/** A whole walk. */
async function walk(): Promise<StorageUsage> {
  const { countedAt } = await owner().storage(KEY);
  await owner().countStorage(KEY);
  return until(async () => {
    const usage = await owner().storage(KEY);
    return usage.countedAt !== null && usage.countedAt !== countedAt && usage;
  }, 'a walk through the storage');
}

async function upload(): Promise<{ sha256: string; bytes: number }> {
  const bytes = new Uint8Array(randomBytes(16 + 785));
  const sha256 = sha256Hex(bytes);
  await platform.client.putBlob(sha256, bytes);
  return { sha256, bytes: bytes.length };
}

async function uploadSet(name: string): Promise<HostedDataset> {
  const part = { ...(await upload()), examples: 1 };
  const set: HostedDataset = {
    ...{ kind: 'hosted', name, partition: tinyGlyphs.partition, classes: 10 },
    ...{ shape: { height: 28, width: 28, channels: 1 }, train: [part], test: [part] },
  };
  await platform.client.putDataset(set);
  return set;
}

const isThere = async (sha256: string): Promise<boolean> =>
  (await fetch(`${platform.client.origin}/api/blobs/${sha256}`, { method: 'HEAD' })).status === 200;

const blobsOf = ({ model }: TinyRun): string[] => model.blobs.map(({ sha256 }) => sha256);

afterEach(() => platform.remove());

describe.each([
  ['with R2', false],
  ['without R2', true],
] as const)('%s', (_, withoutR2) => {
  beforeEach(async () => {
    platform = new TestPlatform({ DEPLOYMENT_KEY: KEY }, { withoutR2 });
    await platform.start();
  });

  test('an upload that neither a run nor a data set names goes after a day, and what is named stays', async () => {
    const orphan = await upload();
    const set = await uploadSet('few digits');
    const tiny = await createTinyRun(platform.client);
    expect((await walk()).owners).toContainEqual({ kind: 'orphans', bytes: orphan.bytes, objects: 1 });
    expect(await isThere(orphan.sha256)).toBe(true);
    await age();
    await walk();
    expect(await isThere(orphan.sha256)).toBe(true);
    await age();
    const { owners } = await walk();
    expect(await isThere(orphan.sha256)).toBe(false);
    const named = [...blobsOf(tiny), ...set.train.map(({ sha256 }) => sha256)];
    for (const sha256 of named) expect(await isThere(sha256)).toBe(true);
    expect(owners).toContainEqual({ dataset: 'few digits', kind: 'uploads', bytes: 801, objects: 1 });
    expect(owners).toContainEqual(
      expect.objectContaining({
        run: tiny.run,
        name: 'tiny',
        kind: 'uploads',
        objects: blobsOf(tiny).length,
      }),
    );
  });

  test('an orphan for which a host asks between two walks is uploaded anew and stays', async () => {
    const model = createTinyModel();
    const [first] = model.blobs;
    if (!first) throw new Error('a blob');
    await platform.client.putBlob(first.sha256, first.bytes);
    await age();
    await walk();
    expect(await platform.client.lackingBlobs([first.sha256])).toEqual([first.sha256]);
    const tiny = await createTinyRun(platform.client, { model });
    for (let day = 0; day < 2; day++) {
      await age();
      await walk();
    }
    for (const sha256 of blobsOf(tiny)) expect(await isThere(sha256)).toBe(true);
  });

  test('the owner is told what a run has made and keeps for a replay, and nobody else is', async () => {
    const tiny = await createTinyRun(platform.client, { spec: { policy: { updatesPerRound: 2 } } });
    for (const volunteer of await joinMany(platform.client, tiny.run, 2))
      await train(platform.client, tiny, volunteer, () => 0.25);
    await publishedVersion(platform.client, tiny.run, 1);
    for (const role of ['student', 'teacher'] as const)
      await archivedRound(platform.client, tiny.run, role, 1);
    const usage = await walk();
    const ofRun = usage.owners.filter(({ run }) => run === tiny.run).map(({ kind }) => kind);
    expect(ofRun.toSorted()).toEqual(['archives', 'shards', 'uploads']);
    expect(usage.bytes).toBe(usage.owners.reduce((sum, { bytes }) => sum + bytes, 0));
    await expect(owner().storage(tiny.hostKey)).rejects.toMatchObject({ reason: 'forbidden' });
  });
});

test('after uploads, runs and deletions in any order, exactly what is named is left', async () => {
  platform = new TestPlatform({ DEPLOYMENT_KEY: KEY });
  await platform.start();
  const random = createRandom('housekeeping');
  const kept = new Set<string>();
  const gone = new Set<string>();
  for (let step = 0; step < 12; step++) {
    const what = Math.floor(random() * 4);
    if (what === 0) gone.add((await upload()).sha256);
    else if (what === 1) for (const { sha256 } of (await uploadSet(`set ${step}`)).train) kept.add(sha256);
    else if (what === 2) {
      const { train: parts, name } = await uploadSet(`set ${step}`);
      await platform.client.removeDataset(name, KEY);
      for (const { sha256 } of parts) gone.add(sha256);
    } else {
      const tiny = await createTinyRun(platform.client, { isOpen: false });
      if (random() < 0.5) await new RunHost(platform.client, tiny.run, tiny.hostKey).deleteRun();
      else for (const sha256 of blobsOf(tiny)) kept.add(sha256);
    }
  }
  for (let day = 0; day < 3; day++) {
    await age();
    await walk();
  }
  for (const sha256 of kept) expect(await isThere(sha256), 'what is named').toBe(true);
  for (const sha256 of gone) expect(await isThere(sha256), 'what nobody names').toBe(false);
  expect((await walk()).owners.filter(({ kind }) => kind === 'orphans')).toEqual([]);
});
