import { afterEach, beforeEach, expect, test } from 'vitest';
import { foldUnits } from '../../shared/aggregation/fold-units.ts';
import { groupUnits } from '../../shared/aggregation/group-units.ts';
import { entriesOf, publishedVersion, until } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, refusalOf, train, updateOf } from '../support/tiny-run.ts';

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
