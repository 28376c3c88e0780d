import { expect, test } from 'vitest';
import { createRandom } from '../../shared/math/random.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { entriesOf, publishedVersion, readLedger, until } from '../support/poll.ts';
import { TestPlatform, usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  refusalOf,
  type TinyRun,
  type TinyRunOptions,
  type TinyVolunteer,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();

/** A turn of the story below: between them a test may stop the platform. */
type Between = (accepted: number) => Promise<void>;

const nothing: Between = async () => {};

/** Four volunteers, two of each role; clipped, so that the second round folds with a clip known before. */
/** No lease is overdue before its time, however slow the machine is. */
const options: TinyRunOptions = {
  spec: { aggregation: 'clipped-mean', policy: { shortestLeaseMs: 120_000 } },
};
const VOLUNTEERS = 4;
const ROUNDS = 2;

/** What a volunteer learns depends on its lease alone; no sum of these is exact in floats. */
const learned = (lease: Lease) => {
  const random = createRandom('learned', lease.round, lease.task.role, ...lease.parts);
  const scale = 0.1 + random();
  return () => scale * (random() - 0.5);
};

/**
 * Two rounds. Everyone has a lease before the first update is sent; updates are sent in this order. Returns the
 * versions: their hashes say whether two stories came to the same bytes.
 */
async function playRounds(order: readonly number[], between: Between): Promise<Manifest[]> {
  const tiny = await createTinyRun(platform.client, options);
  const volunteers = await joinMany(platform.client, tiny.run, VOLUNTEERS);
  const versions: Manifest[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const leases = await takeAll(tiny, volunteers);
    for (const [done, i] of order.entries()) {
      const lease = leases[i];
      if (!lease) throw new Error('a lease');
      await putLearned(tiny, lease);
      await between(VOLUNTEERS * (round - 1) + done + 1);
    }
    versions.push(await publishedVersion(platform.client, tiny.run, round));
  }
  return versions;
}

async function takeAll({ run }: TinyRun, volunteers: readonly TinyVolunteer[]): Promise<Lease[]> {
  const leases: Lease[] = [];
  for (const volunteer of volunteers) leases.push(await takeLease(platform.client, run, volunteer));
  return leases;
}

const putLearned = ({ run, model }: TinyRun, lease: Lease): Promise<void> =>
  platform.client.putUpdate(run, lease.id, lease.token, updateOf(model, lease, learned(lease)));

const inOrder = [0, 1, 2, 3];

test('the same updates in any order publish the same bytes', async () => {
  const plain = await playRounds(inOrder, nothing);
  expect(plain[1]?.segments['segment-1']).not.toEqual(plain[0]?.segments['segment-1']);
  for (const order of [
    [3, 2, 1, 0],
    [1, 3, 0, 2],
  ])
    expect(await playRounds(order, nothing)).toEqual(plain);
});

test('a platform stopped in the middle of rounds, after any update, publishes the same bytes in the end', async () => {
  const plain = await playRounds(inOrder, nothing);
  const stopped: number[] = [];
  const story = await playRounds(inOrder, async accepted => {
    // One update in; all but one in; in the second round, where sums were running, one in.
    if (![1, 3, 5].includes(accepted)) return;
    stopped.push(accepted);
    await platform.restart();
  });
  expect(stopped).toEqual([1, 3, 5]);
  expect(story).toEqual(plain);
});

test('after a restart tokens are good, what was accepted stays accepted and counted once', async () => {
  const tiny = await createTinyRun(platform.client, options);
  const [first, second] = await joinMany(platform.client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const open = await takeLease(platform.client, tiny.run, second);
  const sent = await train(platform.client, tiny, first, () => 0.25);
  const before = await readLedger(platform.client, tiny.run);
  const { view } = await platform.client.run(tiny.run);
  await platform.restart();
  expect(await readLedger(platform.client, tiny.run)).toEqual(before);
  expect((await platform.client.run(tiny.run)).view).toEqual(view);
  expect(await refusalOf(putLearned(tiny, sent))).toMatchObject({ reason: 'duplicate' });
  await putLearned(tiny, open);
  await publishedVersion(platform.client, tiny.run, 1);
  const [published] = await entriesOf(platform.client, tiny.run, 'version-published');
  expect(published?.updates).toEqual({ student: 1, teacher: 1 });
  expect((await takeLease(platform.client, tiny.run, first)).round).toBe(2);
});

test('[ROUND5] stopped between the last acceptance and publishing, it publishes with nobody asking', async () => {
  const model = createTinyModel([600, 1_000]);
  const tiny = await createTinyRun(platform.client, { ...options, model });
  for (const volunteer of await joinMany(platform.client, tiny.run, 2))
    await train(platform.client, tiny, volunteer, () => 0.25);
  // Folding two megabytes takes longer than ending the process.
  await platform.stopAtOnce();
  await platform.start();
  const published = await publishedVersion(platform.client, tiny.run, 1);
  expect(published.segments['segment-2']?.shards).not.toEqual(model.shards['segment-2']);
  expect(await entriesOf(platform.client, tiny.run, 'update-accepted')).toHaveLength(2);
  expect(await entriesOf(platform.client, tiny.run, 'version-published')).toHaveLength(1);
});

test('[LEASE3] a deadline that passes while the platform is stopped ends its lease after the start', async () => {
  const tiny = await createTinyRun(platform.client, { spec: { policy: { leaseMs: 1_000 } } });
  const [first] = await joinMany(platform.client, tiny.run, 1);
  if (!first) throw new Error('a volunteer');
  const lease = await takeLease(platform.client, tiny.run, first);
  await platform.stop();
  await new Promise(resolve => setTimeout(resolve, lease.deadlineMs));
  await platform.start();
  const ended = () => entriesOf(platform.client, tiny.run, 'lease-ended');
  expect(
    await until(async () => (await ended()).length > 0 && ended(), 'the end of the lease'),
  ).toMatchObject([{ lease: lease.id, why: 'the deadline passed' }]);
});

test('a token of one deployment says nothing on another', async () => {
  const other = new TestPlatform();
  await other.start();
  try {
    const tiny = await createTinyRun(platform.client);
    const theirs = await createTinyRun(other.client);
    const [mine] = await joinMany(platform.client, tiny.run, 1);
    expect(await refusalOf(other.client.lease(theirs.run, mine?.token ?? ''))).toMatchObject({ status: 401 });
    expect(await refusalOf(other.client.lease(tiny.run, mine?.token ?? ''))).toMatchObject({ status: 404 });
  } finally {
    await other.remove();
  }
});
