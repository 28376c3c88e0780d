import { expect, test } from 'vitest';
import type { Lease } from '../../shared/protocol/lease.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { flipByte } from '../support/hostile-envelope.ts';
import { publishedVersion, until } from '../support/poll.ts';
import { rawPut } from '../support/raw-put.ts';
import { readBucket } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  refusalOf,
  type TinyRun,
  takeLease,
  updateOf,
} from '../support/tiny-run.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** 2.4 MB of weights: three shards, and 1.2 MB in halves, too much for a row of SQLite. */
const model = createTinyModel([600, 1_000]);
const ROW_BYTES = 1_000_000;

/** The whole network by everyone, in one round. */
const spec = { plan: { name: 'conventional' as const }, rounds: 2 };

const platform = usePlatform();

const put = (tiny: TinyRun, lease: Lease, body: Bytes): Promise<void> =>
  platform.client.putUpdate(tiny.run, lease.id, lease.token, body);

async function startRound(aggregation: 'mean' | 'clipped-mean') {
  const { client } = platform;
  const tiny = await createTinyRun(client, { model, spec: { ...spec, aggregation } });
  const leases: Lease[] = [];
  for (const volunteer of await joinMany(client, tiny.run, 2))
    leases.push(await takeLease(client, tiny.run, volunteer));
  const [first, second] = leases;
  if (!first || !second) throw new Error('two leases');
  return { tiny, first, second };
}

const quarter = (): number => 0.25;

test('a tensor over a shard is published in its shards, the running sums as exact as ever', async () => {
  const { tiny, first, second } = await startRound('mean');
  expect(model.shards['segment-2']).toHaveLength(3);
  for (const [lease, change] of [
    [first, 1],
    [second, -0.5],
  ] as const) {
    const body = updateOf(model, lease, (_, i) => (change * (i % 5)) / 8);
    expect(body.length).toBeGreaterThan(ROW_BYTES);
    await put(tiny, lease, body);
  }
  const { segments } = await publishedVersion(platform.client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(
    changedShards(model, 'segment-2', (_, i) => (0.25 * (i % 5)) / 8),
  );
});

test('[ACC1] a second update of a lease spoils nothing of the first one, which lies in R2', async () => {
  const { tiny, first, second } = await startRound('clipped-mean');
  const body = updateOf(model, first, quarter);
  await put(tiny, first, body);
  const spoiled = flipByte(body, body.length >> 1);
  expect(await refusalOf(put(tiny, first, spoiled))).toMatchObject({ reason: 'duplicate' });
  await put(tiny, second, updateOf(model, second, quarter));
  const { segments } = await publishedVersion(platform.client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(model, 'segment-2', quarter));
});

test('a segment whose sums are larger than memory is folded in groups of shards, as exact as ever', async () => {
  const large = createTinyModel([4_500, 1_000]);
  const { client } = platform;
  const policy = { updatesPerRound: 6 };
  const tiny = await createTinyRun(client, {
    model: large,
    spec: { ...spec, policy, aggregation: 'clipped-mean' },
  });
  // So many that decoding each of them once for each of the 18 shards would outlast the wait for the version.
  for (const volunteer of await joinMany(client, tiny.run, 6)) {
    const lease = await takeLease(client, tiny.run, volunteer);
    await put(tiny, lease, updateOf(large, lease, quarter));
  }
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(large, 'segment-2', quarter));
});

test('[ACC1] different updates of one lease at once: one is taken, whole, and the others leave no trace', async () => {
  const { tiny, first, second } = await startRound('clipped-mean');
  const changes = [0.25, -0.25, 0.5, -0.5];
  // All bodies wait for their last bytes, so that one comes while another is on its way to R2.
  const allHere = new Promise(resolve => setTimeout(resolve, 300));
  const options = { token: first.token, until: allHere };
  const send = (change: number) => {
    const body = updateOf(model, first, () => change);
    return rawPut(platform.client, paths.update(tiny.run, first.id), body, options);
  };
  const responses = await Promise.all(changes.map(send));
  expect(responses.map(({ reason }) => reason ?? 'accepted').toSorted()).toEqual([
    'accepted',
    ...new Array(3).fill('duplicate'),
  ]);
  const taken = changes[responses.findIndex(({ status }) => status === 200)] ?? 0;
  await put(
    tiny,
    second,
    updateOf(model, second, () => taken),
  );
  const { segments } = await publishedVersion(platform.client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(model, 'segment-2', () => taken));
});

test('of a round its archive stays in R2: the envelopes in order, as they came, and no refused one', async () => {
  const { tiny, first, second } = await startRound('clipped-mean');
  const [one, two] = [updateOf(model, first, quarter), updateOf(model, second, () => -0.25)];
  const damaged = flipByte(two, two.length >> 1);
  const response = await rawPut(platform.client, paths.update(tiny.run, second.id), damaged, {
    token: second.token,
  });
  expect(response).toMatchObject({ status: 422, reason: 'wrong-hash' });
  await put(tiny, second, two);
  await put(tiny, first, one);
  const { segments } = await publishedVersion(platform.client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(model, 'segment-2', () => 0));
  expect(await refusalOf(put(tiny, first, one))).toMatchObject({ reason: 'duplicate' });
  const { archive, envelopes } = await whenArchived(tiny);
  // They lie in R2 already, so the archive says where.
  expect([...archive.keys()]).toEqual([`archive/${tiny.run}/whole/1/index`]);
  const index = JSON.parse(Buffer.from([...archive.values()][0] ?? []).toString());
  expect(index.map(({ lease }: { lease: string }) => lease)).toEqual([second.id, first.id]);
  const kept = index.map(({ key }: { key: string }) => Buffer.from(envelopes.get(key) ?? []));
  expect(Buffer.compare(kept[0], two)).toBe(0);
  expect(Buffer.compare(kept[1], one)).toBe(0);
  expect(envelopes.size, 'of the refused one nothing stays').toBe(2);
});

/** The archive follows the version. R2 can only be looked at while nobody has it open. */
const whenArchived = (tiny: TinyRun) =>
  until(async () => {
    await platform.stop();
    const archive = await readBucket(platform.folder, `archive/${tiny.run}/`);
    const envelopes = await readBucket(platform.folder, `envelopes/${tiny.run}/`);
    await platform.start();
    return archive.size > 0 && { archive, envelopes };
  }, 'the archive of the round');
