import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import type { ShardRef } from '../../shared/protocol/model-outline.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { editStorage } from '../support/edit-storage.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, publishedVersion, until } from '../support/poll.ts';
import { editBucket, keysOnDisk, readBucket } from '../support/stored-files.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  refusalOf,
  type TinyRun,
  type TinyVolunteer,
  tinyRequest,
  train,
} from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform();
  await platform.start();
});
afterEach(() => platform.remove());

/** All that lies in R2 becomes two hours older. The platform has to be stopped. */
function ageBlobs(): void {
  const folder = join(platform.folder, 'r2/miniflare-R2BucketObject');
  for (const file of readdirSync(folder).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))) {
    const database = new DatabaseSync(join(folder, file));
    database.exec('UPDATE _mf_objects SET uploaded = uploaded - 7200000');
    database.close();
  }
}

/** One blob in R2 becomes two hours older. The platform has to be stopped. */
function ageBlob({ sha256 }: ShardRef): void {
  const folder = join(platform.folder, 'r2/miniflare-R2BucketObject');
  for (const file of readdirSync(folder).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))) {
    const database = new DatabaseSync(join(folder, file));
    database
      .prepare('UPDATE _mf_objects SET uploaded = uploaded - 7200000 WHERE key = ?')
      .run(`blobs/${sha256}`);
    database.close();
  }
}

async function trainRounds(
  tiny: TinyRun,
  volunteers: readonly TinyVolunteer[],
  rounds: readonly number[],
): Promise<void> {
  for (const round of rounds) {
    for (const volunteer of volunteers) await train(platform.client, tiny, volunteer, () => round / 8);
    await publishedVersion(platform.client, tiny.run, round);
  }
}

const archived = (run: string, round: number) =>
  Promise.all(
    (['student', 'teacher'] as const).map(role => archivedRound(platform.client, run, role, round)),
  );

const shardsOf = async (run: string, version: number): Promise<Record<string, ShardRef[]>> => {
  const { segments } = await platform.client.version(run, version);
  return Object.fromEntries(Object.entries(segments).map(([id, { shards }]) => [id, shards]));
};

const statusOf = async ({ sha256 }: ShardRef): Promise<number> =>
  (await fetch(`${platform.client.origin}/api/blobs/${sha256}`, { method: 'HEAD' })).status;

const statusesOf = async (shards: Record<string, ShardRef[]>): Promise<number[]> =>
  Promise.all([...new Set(Object.values(shards).flat())].map(statusOf));

test('[SWEEP1] [SWEEP2] [SWEEP3] what is older than the rounds that a run keeps is swept, and what it takes to recompute these stays', async () => {
  // An update may count one round late, so the ledger is kept for one round more.
  const policy = { keepRounds: 2, maxStaleness: 1, updatesPerRound: 2, evaluators: 'referees' } as const;
  const spec = { rounds: 30, aggregation: 'mean', policy } as const;
  const tiny = await createTinyRun(platform.client, { spec });
  const { run } = tiny;
  const pair = await joinMany(platform.client, run, 2);
  await trainRounds(tiny, pair, [1, 2, 3]);
  // Enough steps for a snapshot, with which another volume of the ledger begins.
  await joinMany(platform.client, run, 260);
  await trainRounds(tiny, pair, [4, 5, 6, 7]);
  const [third, fourth] = [await shardsOf(run, 3), await shardsOf(run, 4)];
  // A run that is made of the fourth version's weights: these are its own from here on.
  const model = { ...tiny.model, shards: fourth };
  const other = await platform.client.createRun(tinyRequest({ model }));
  await platform.stop();
  ageBlobs();
  // As if an update of the third round had been too large for the round's folder.
  const large = { lease: 'lease', key: `envelopes/${run}/student/3/lease/large` };
  await editBucket(platform.folder, async bucket => {
    await bucket.put(large.key, 'an update');
    await bucket.put(`archive/${run}/student/3/index`, JSON.stringify([large]));
    // Stored by uploads whose cohort was never told of them, since the platform was killed in between.
    for (const round of [2, 5, 7]) await bucket.put(orphanOf(run, round), 'an update');
  });
  await platform.start();
  const { view } = await platform.client.run(run);
  await joinMany(platform.client, run, 1);
  const gone = (version: number) => () =>
    platform.client.version(run, version).then(
      () => false,
      () => true,
    );
  for (const version of [1, 2, 3, 4]) await until(gone(version), `version ${version} to be swept`);
  expect((await refusalOf(platform.client.version(run, 3))).message).toContain('swept');
  expect(await statusesOf(await shardsOf(run, 0))).not.toContain(404);
  // Of the kept rounds 6 and 7 the first began with version 5.
  for (const version of [5, 6, 7]) expect(await statusesOf(await shardsOf(run, version))).not.toContain(404);
  expect(await statusesOf(await shardsOf(other.run, 0))).not.toContain(404);
  const [student, teacher] = [third['segment-1'] ?? [], third['segment-2'] ?? []];
  for (const shard of [...student, ...teacher]) expect(await statusOf(shard)).toBe(404);

  await archived(run, 7);
  const sums = new MemorySums();
  const ports = replayPorts(platform.client, await platform.client.run(run), role => sums.of(role));
  expect(await replayRun(ports)).toMatchObject({
    ...{ matched: { first: 6, last: 7 }, updates: 4, sweptTo: 5, difference: null },
  });

  const { events, first, last } = await platform.client.ledger(run, 0);
  expect(first).toBeGreaterThan(200);
  const stayed = events.filter(({ seq }) => seq < first).map(({ event }) => event.type);
  expect(stayed).toEqual(['run-opened', 'version-published', 'version-published', 'version-published']);
  const whole = events.filter(({ seq }) => seq >= first).map(({ seq }) => seq);
  expect(whole).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));

  await platform.restart();
  const { rounds } = (await platform.client.run(run)).view;
  expect(rounds).toEqual(view.rounds);
  expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await trainRounds(tiny, pair, [8]);
  await archived(run, 8);
  for (const role of ['student', 'teacher'] as const)
    await until(
      async () => (await platform.client.archive(run, role, 6)).length === 0,
      'round 6 to be swept',
    );
  await until(gone(5), 'version 5 to be swept, which comes after the uploads');
  await platform.stop();
  const kept = [...(await readBucket(platform.folder, `archive/${run}/`)).keys()];
  expect(new Set(kept.map(key => key.split('/')[3]))).toEqual(new Set(['7', '8']));
  // An update of round 5 might count in round 6, of round 6 in round 7.
  expect([...(await readBucket(platform.folder, 'envelopes/')).keys()]).toEqual([orphanOf(run, 7)]);
});

const orphanOf = (run: string, round: number): string => `envelopes/${run}/student/${round}/lease/nobody`;

test('[SWEEP2] a volume of more than a row of SQLite holds is swept, and what stays of it is read page by page', async () => {
  const policy = { keepRounds: 1, maxStaleness: 0 } as const;
  const { run } = await createTinyRun(platform.client, {
    spec: { rounds: 100, aggregation: 'mean', policy },
  });
  await platform.stop();
  // As if forty versions of a large network had come out, and five more in the volume after these.
  editStorage(platform.folder, 'coordinators', database => {
    const insert = database.prepare('INSERT INTO ledger (seq, at, json) VALUES (?, 1, ?)');
    const segments = { 'segment-1': Array.from({ length: 1_000 }, () => 'f'.repeat(64)) };
    for (let version = 1; version <= 40; version++) {
      const entry = { type: 'version-published', version, round: version, updates: { student: 1 }, segments };
      insert.run(version + 1, JSON.stringify([entry]));
    }
    database.exec(`
      CREATE TABLE ledger_42 (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL, changes TEXT);
      INSERT INTO version SELECT 45, json_set(json, '$.version', 45) FROM version WHERE version = 0;
      UPDATE snapshot SET json = json_set(json, '$[0].core.manifest', 45) WHERE kind = 'state';
    `);
  });
  await platform.start();
  await joinMany(platform.client, run, 1);
  await until(async () => (await platform.client.ledger(run, 0)).first === 42, 'the volume to be swept');
  const seqs = async (after: number) =>
    (await platform.client.ledger(run, after)).events.map(({ seq }) => seq);
  const all = Array.from({ length: 42 }, (_, i) => i + 1);
  expect(await seqs(0)).toEqual(all);
  expect(await seqs(17)).toEqual(all.slice(17));
  await platform.restart();
  expect(await seqs(39)).toEqual(all.slice(39));
  expect((await platform.client.run(run)).view.rounds.length).toBe(40);
});

/** A run with updates of 1.2 MB in halves, too much for a row. It keeps one round, and no update is late. */
async function largeRun() {
  const limits = { keepRounds: 1, updatesPerRound: 2, evaluators: 'referees' } as const;
  const policy = { ...limits, rounds: 'synchronous' } as const;
  const model = createTinyModel([600, 1_000]);
  const spec = { plan: { name: 'conventional' }, rounds: 4, policy } as const;
  const tiny = await createTinyRun(platform.client, { model, spec });
  const pair = await joinMany(platform.client, tiny.run, 2);
  const trainRound = async (round: number): Promise<void> => {
    await trainRounds(tiny, pair, [round]);
    await archivedRound(platform.client, tiny.run, 'whole', round);
  };
  return { run: tiny.run, trainRound };
}

/** The rounds whose large updates are left. The platform has to be stopped. */
const roundsOfEnvelopes = async (run: string): Promise<(string | undefined)[]> =>
  [...(await readBucket(platform.folder, `envelopes/${run}/`)).keys()].map(key => key.split('/')[3]);

test('[SWEEP3] large updates, which lie outside the archive that refers to them, are swept with it', async () => {
  const { run, trainRound } = await largeRun();
  for (const round of [1, 2]) await trainRound(round);
  const isSwept = async () => (await platform.client.archive(run, 'whole', 1)).length === 0;
  await until(isSwept, 'the first round to be swept');
  await platform.stop();
  expect(await roundsOfEnvelopes(run)).toEqual(['2', '2']);
});

test('[SWEEP3] an archive whose index is damaged is swept like others, and holds up no sweep', async () => {
  const { run, trainRound } = await largeRun();
  await trainRound(1);
  await platform.stop();
  const index = `archive/${run}/whole/1/index`;
  await editBucket(platform.folder, async bucket => void (await bucket.put(index, '{')));
  await platform.start();
  for (const round of [2, 3]) await trainRound(round);
  const isSwept = async () => keysOnDisk(platform.folder, `envelopes/${run}/`).length === 2;
  await until(isSwept, 'the updates of two rounds to be swept');
  await platform.stop();
  expect(await roundsOfEnvelopes(run)).toEqual(['3', '3']);
});

test('[SWEEP1] a run that keeps everything keeps it', async () => {
  const spec = { rounds: 30, policy: { keepRounds: 0, updatesPerRound: 2, evaluators: 'referees' } } as const;
  const tiny = await createTinyRun(platform.client, { spec });
  const pair = await joinMany(platform.client, tiny.run, 2);
  await trainRounds(tiny, pair, [1, 2]);
  await joinMany(platform.client, tiny.run, 260);
  await trainRounds(tiny, pair, [3]);
  await platform.stop();
  ageBlobs();
  await platform.start();
  await trainRounds(tiny, pair, [4]);
  for (const version of [0, 1, 2, 3, 4])
    expect(await statusesOf(await shardsOf(tiny.run, version))).not.toContain(404);
  expect(await platform.client.ledger(tiny.run, 0)).toMatchObject({ first: 1 });
});

test('[BACK1] [SWEEP3] no run returns to a version of which shards were swept', async () => {
  const policy = { keepRounds: 1, updatesPerRound: 2, evaluators: 'referees' } as const;
  const tiny = await createTinyRun(platform.client, { spec: { rounds: 30, policy } });
  const { run, hostKey } = tiny;
  await trainRounds(tiny, await joinMany(platform.client, run, 2), [1, 2, 3, 4]);
  const shards = Object.values(await shardsOf(run, 1)).flat();
  const [first] = shards.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  if (!first) throw new Error('version 1 has no shards');
  await platform.stop();
  ageBlob(first);
  await platform.start();
  await joinMany(platform.client, run, 1);
  // The next one is young, so the sweep of the version rests with one shard gone.
  await until(async () => (await statusOf(first)) === 404, 'the first shard to be swept');
  expect(await platform.client.keptVersions(run)).toEqual([0, 2, 3, 4]);
  const host = new RunHost(platform.client, run, hostKey);
  expect(await refusalOf(host.takeBack(1))).toMatchObject({ reason: 'not-found' });
  await platform.restart();
  expect(await platform.client.keptVersions(run)).toEqual([0, 2, 3, 4]);
});
