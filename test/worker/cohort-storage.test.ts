import { afterEach, beforeEach, expect, test } from 'vitest';
import { foldUnits } from '../../shared/aggregation/fold-units.ts';
import { groupUnits } from '../../shared/aggregation/group-units.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { editStorage } from '../support/edit-storage.ts';
import { entriesOf, publishedVersion, until } from '../support/poll.ts';
import { objectsHold } from '../support/stored-files.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, refusalOf, takeLease, train, updateOf } from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform();
  await platform.start();
});
afterEach(() => platform.remove());

test('shards are folded in groups, in order, as many as sums have room for', () => {
  const units = foldUnits(createTinyModel([600, 1_000]).outline, ['segment-2', 'segment-1']);
  expect(units.map(({ elements }) => elements).length).toBe(4);
  const groups = (maxBytes: number) => groupUnits(units, maxBytes).map(group => group.length);
  const bytes = units.map(({ elements }) => 8 * elements);
  const [first = 0, second = 0] = bytes;
  const all = bytes.reduce((sum, more) => sum + more, 0);
  expect(groups(all)).toEqual([4]);
  expect(groups(all - 1)).toEqual([3, 1]);
  expect(groups(first + second).at(0)).toBe(2);
  // One that has no room alone is a group all the same.
  expect(groups(1)).toEqual([1, 1, 1, 1]);
  expect(groupUnits(units, first + second).flat()).toEqual(units);
});

test('of a lease older than what is remembered no refusal is written down, though its token is good', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, {
    spec: { rounds: 8, plan: { name: 'conventional' }, policy: { evaluators: 'referees', maxStaleness: 0 } },
  });
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const old = await train(client, tiny, first, () => 0);
  await train(client, tiny, second, () => 0);
  for (let round = 2; round <= 5; round++) {
    await publishedVersion(client, tiny.run, round - 1);
    for (const volunteer of [first, second]) await train(client, tiny, volunteer, () => 0);
  }
  await publishedVersion(client, tiny.run, 5);
  const body = updateOf(tiny.model, old, () => 0);
  const again = () => refusalOf(client.putUpdate(tiny.run, old.id, old.token, body));
  // A round is forgotten once it is archived. Until then its leases are remembered.
  const refused = () => entriesOf(client, tiny.run, 'update-refused');
  await until(async () => (await again()).reason === 'stale', 'the archive of the first round');
  const before = await refused();
  for (let i = 0; i < 3; i++) expect(await again()).toMatchObject({ reason: 'stale' });
  expect(await refused()).toEqual(before);
});

/** What a cohort has written down and the coordinator has not heard. */
const UNTOLD = `SELECT count(*) AS rows FROM returned
  WHERE number > (SELECT CAST(json AS INTEGER) FROM setting WHERE name = 'told')`;

/** Events that take a coordinator seconds to fold when it wakes: it copies all volunteers for each. */
const SLOW_WAKE_EVENTS = 3_000;

test('an update that the coordinator had not heard of when all stopped is told by the alarm', async () => {
  const tiny = await createTinyRun(platform.client, { spec: { plan: { name: 'conventional' } } });
  const volunteers = await joinMany(platform.client, tiny.run, 3);
  const [first, second] = volunteers;
  if (!first || !second) throw new Error('two volunteers');
  await train(platform.client, tiny, first, () => 0);
  const lease = await takeLease(platform.client, tiny.run, second);
  await platform.stop();
  editStorage(platform.folder, 'coordinators', database => {
    const last = Number(database.prepare('SELECT max(seq) AS seq FROM ledger').get()?.seq);
    const insert = database.prepare('INSERT INTO ledger (seq, at, json) VALUES (?, ?, ?)');
    const joined = { type: 'volunteer-joined', name: 'x', backend: 'cpu', referee: false };
    database.exec('BEGIN');
    for (let i = 1; i <= SLOW_WAKE_EVENTS; i++)
      insert.run(last + i, 1, JSON.stringify({ ...joined, volunteer: `volunteer${i}` }));
    database.exec('COMMIT');
  });
  await platform.start();
  const update = updateOf(tiny.model, lease, () => 0);
  const sent = platform.client.putUpdate(tiny.run, lease.id, lease.token, update);
  const outcome = sent.then(
    () => 'accepted',
    () => 'cut off',
  );
  // As soon as the cohort has written down what it will tell the coordinator.
  await until(() => objectsHold(platform.folder, sha256Hex(update)), 'the entry of the update');
  await platform.stopAtOnce();
  expect(await outcome).toBe('cut off');
  const posted = editStorage(platform.folder, 'cohorts', database =>
    Number(database.prepare(UNTOLD).get()?.rows),
  );
  expect(posted).toEqual([1]);
  await platform.start();
  const accepted = () => entriesOf(platform.client, tiny.run, 'update-accepted');
  expect(await until(async () => (await accepted()).length > 1 && accepted(), 'the entry')).toHaveLength(2);
});
