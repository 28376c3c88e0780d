import { afterEach, beforeEach, expect, test } from 'vitest';
import { storedState } from '../../worker/coordinator/store/stored-state.ts';
import { editStorage } from '../support/edit-storage.ts';
import { readState, splitRows } from '../support/older-coordinator.ts';
import { publishedVersion, readLedger } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, refusalOf, takeLease, train, updateOf } from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform();
  await platform.start();
});
afterEach(() => platform.remove());

/** How many rows of the run's settings were changed to what an older release kept. */
const editRows = (kind: 'coordinators' | 'cohorts', sql: string): number =>
  editStorage(platform.folder, kind, database => Number(database.prepare(sql).run().changes)).reduce(
    (sum, changes) => sum + changes,
    0,
  );

test('a run that was kept when codecs had no settings opens and goes on', async () => {
  const tiny = await createTinyRun(platform.client);
  const [first, second] = await joinMany(platform.client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  await train(platform.client, tiny, first, () => 0.5);
  await platform.stop();
  const runs = editRows(
    'coordinators',
    "UPDATE item SET json = json_set(json, '$.config.spec.codec', 'f16') WHERE kind = 'identity'",
  );
  const cohorts = editRows(
    'cohorts',
    "UPDATE setting SET json = json_set(json, '$.spec.codec', 'f16') WHERE name = 'config'",
  );
  expect([runs, cohorts]).toEqual([1, 1]);
  await platform.start();
  expect((await platform.client.run(tiny.run)).spec.codec).toEqual({ name: 'f16' });
  await train(platform.client, tiny, second, () => 0.5);
  expect((await publishedVersion(platform.client, tiny.run, 1)).version).toBe(1);
});

test('a run of which every volunteer, lease and entry had a row of its own goes on', async () => {
  const tiny = await createTinyRun(platform.client, {
    // No place is freed while the platform stops and starts.
    spec: { policy: { shortestLeaseMs: 120_000 } },
  });
  const [first, second] = await joinMany(platform.client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  await train(platform.client, tiny, first, () => 0.5);
  const lease = await takeLease(platform.client, tiny.run, second);
  const { view } = await platform.client.run(tiny.run);
  const entries = await readLedger(platform.client, tiny.run);
  await platform.stop();
  const [state] = editStorage(platform.folder, 'coordinators', readState);
  editStorage(platform.folder, 'coordinators', splitRows);
  await platform.start();
  expect((await platform.client.run(tiny.run)).view).toEqual(view);
  expect(await readLedger(platform.client, tiny.run)).toEqual(entries);
  await platform.restart();
  await platform.stop();
  expect(editStorage(platform.folder, 'coordinators', readState)).toEqual([state]);
  await platform.start();
  const update = updateOf(tiny.model, lease, () => 0.5);
  await platform.client.putUpdate(tiny.run, lease.id, lease.token, update);
  expect((await publishedVersion(platform.client, tiny.run, 1)).version).toBe(1);
});

test('[ROUND6] a run that was kept when all rounds were synchronous goes on with such rounds', async () => {
  const spec = { plan: { name: 'conventional' as const }, policy: { updatesPerRound: 1, overIssue: 2 } };
  const tiny = await createTinyRun(platform.client, { spec });
  const [first, slow] = await joinMany(platform.client, tiny.run, 2);
  if (!first || !slow) throw new Error('two volunteers');
  const lease = await takeLease(platform.client, tiny.run, slow);
  await platform.stop();
  const removed = (path: string): string =>
    ['rounds', 'maxStaleness', 'minUpdates'].map(name => `'${path}.${name}'`).join(', ');
  expect(
    editRows(
      'coordinators',
      `UPDATE item SET json = json_remove(json, ${removed('$.config.spec.policy')}) WHERE kind = 'identity'`,
    ),
  ).toBe(1);
  await platform.start();
  expect((await platform.client.run(tiny.run)).spec.policy.rounds).toBe('synchronous');
  await train(platform.client, tiny, first, () => 0.5);
  await publishedVersion(platform.client, tiny.run, 1);
  const update = updateOf(tiny.model, lease, () => 0.5);
  const late = platform.client.putUpdate(tiny.run, lease.id, lease.token, update);
  expect(await refusalOf(late)).toMatchObject({ reason: 'stale' });
});

test('[DIV1] a run that kept halved rates apart from its volunteers halves them further', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const [ada] = await joinMany(client, run, 1);
  if (!ada) throw new Error('one volunteer');
  const { id, task } = await takeLease(client, run, ada);
  const rate = (halvings: number): number => task.schedule.rate / 2 ** halvings;
  await client.release(run, id, ada.token, 'it diverged', true);
  await platform.stop();
  // The step that halved the rate is in the snapshot that an older release took.
  editStorage(platform.folder, 'coordinators', database => {
    const { core, volunteers, leases } = storedState(readState(database));
    const older = { ...core, divergence: { ...core.divergence, halvings: { [ada.volunteer]: 1 } } };
    const rows = volunteers.map(({ halvings: _, ...row }) => row);
    const { seq } = database.prepare('SELECT max(seq) AS seq FROM ledger').get() ?? {};
    const put = database.prepare('INSERT OR REPLACE INTO snapshot (kind, place, json) VALUES (?, 0, ?)');
    put.run('state', JSON.stringify([{ seq, core: older }]));
    put.run('volunteer', JSON.stringify(rows));
    put.run('lease', JSON.stringify(leases));
    database.exec('DROP TABLE storage_version');
  });
  for (const halvings of [1, 2]) {
    await platform.start();
    const lease = await takeLease(platform.client, run, ada);
    expect(lease.task.schedule.rate).toBe(rate(halvings));
    await platform.client.release(run, lease.id, ada.token, 'it diverged', true);
    await platform.stop();
  }
  expect(editStorage(platform.folder, 'coordinators', readState)[0]?.divergence).not.toHaveProperty(
    'halvings',
  );
});
