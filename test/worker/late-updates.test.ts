import { expect, test } from 'vitest';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';
import { entriesOf, publishedVersion, viewWhen } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards } from '../support/tiny-model.ts';
import {
  createTinyRun,
  joinMany,
  refusalOf,
  type TinyRun,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();

const good = (): number => 0.25;
const other = (): number => -1;

const sendUpdate = (client: HomeroomClient, tiny: TinyRun, lease: Lease, change: () => number) =>
  client.putUpdate(tiny.run, lease.id, lease.token, updateOf(tiny.model, lease, change));

test('[ACC1] a second update of a lease is refused as duplicate, and counts for nothing', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [teacher, student] = await joinMany(client, tiny.run, 2);
  if (!teacher || !student) throw new Error('two volunteers');
  const lease = await train(client, tiny, teacher, good);
  for (const change of [good, other])
    expect(await refusalOf(sendUpdate(client, tiny, lease, change))).toMatchObject({
      status: 409,
      reason: 'duplicate',
    });
  expect((await client.run(tiny.run)).view).toMatchObject({ accepted: 1, refused: 2, trainingUpdates: 1 });
  const entries = await entriesOf(client, tiny.run, 'update-refused');
  expect(entries.map(({ reason, lease: id }) => [reason, id])).toEqual([
    ['duplicate', lease.id],
    ['duplicate', lease.id],
  ]);
  await train(client, tiny, student, good);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', good));
});

test('[ACC1] the same update sent several times at once is accepted once', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [teacher] = await joinMany(client, tiny.run, 2);
  if (!teacher) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, teacher);
  const sent = await Promise.allSettled(
    Array.from({ length: 5 }, () => sendUpdate(client, tiny, lease, good)),
  );
  expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await viewWhen(client, tiny.run, ({ refused }) => refused === 4, 'four refusals');
  expect((await client.run(tiny.run)).view.accepted).toBe(1);
});

test('[ACC2] a second lease of the same volunteer, role and round does not weigh again', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [teacher, student] = await joinMany(client, tiny.run, 2);
  if (!teacher || !student) throw new Error('two volunteers');
  const older = await takeLease(client, tiny.run, teacher);
  const newer = await takeLease(client, tiny.run, teacher);
  expect([older.task.role, newer.task.role]).toEqual(['teacher', 'teacher']);
  await sendUpdate(client, tiny, newer, good);
  const refusal = await refusalOf(sendUpdate(client, tiny, older, other));
  expect(refusal).toMatchObject({ status: 409, reason: 'duplicate' });
  expect(refusal.message).toContain('one update a volunteer, role and round');
  await train(client, tiny, student, good);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', good));
});

test('[ACC1] of synchronous rounds an update after the deadline is refused as late, and another lease is given', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { leaseMs: 1_000, rounds: 'synchronous' } } });
  const [teacher, student] = await joinMany(client, tiny.run, 2);
  if (!teacher || !student) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, teacher);
  await viewWhen(
    client,
    tiny.run,
    view => view.volunteers[teacher.volunteer]?.lease === null,
    'the deadline',
  );
  const refusal = await refusalOf(sendUpdate(client, tiny, lease, other));
  expect(refusal).toMatchObject({ status: 410, reason: 'late' });
  const [entry] = await entriesOf(client, tiny.run, 'update-refused');
  expect(entry).toMatchObject({ lease: lease.id, volunteer: teacher.volunteer, reason: 'late' });
  for (const volunteer of [teacher, student]) await train(client, tiny, volunteer, good);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', good));
});

test('[ACC1] of synchronous rounds an update of a closed round is refused as stale, and its lease has ended', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { overIssue: 2, rounds: 'synchronous' } } });
  const [teacher, student, slow] = await joinMany(client, tiny.run, 3);
  if (!teacher || !student || !slow) throw new Error('three volunteers');
  const lease = await takeLease(client, tiny.run, slow);
  for (const volunteer of [teacher, student]) await train(client, tiny, volunteer, good);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', good));
  const ended = await entriesOf(client, tiny.run, 'lease-ended');
  expect(ended).toMatchObject([{ lease: lease.id, why: 'the round closed' }]);
  expect(await refusalOf(sendUpdate(client, tiny, lease, other))).toMatchObject({
    status: 410,
    reason: 'stale',
  });
  for (const volunteer of [slow, student]) await train(client, tiny, volunteer, good);
  const next = await publishedVersion(client, tiny.run, 2);
  expect(next.segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', () => 0.5));
});

/** Two volunteers close a round while a third is still in training for it. */
async function leaveOneOut(spec: Partial<RunSpecInput> = {}) {
  const { client } = platform;
  const policy = { overIssue: 2, updatesPerRound: 2, ...spec.policy };
  const plan = { name: 'conventional' as const };
  const tiny = await createTinyRun(client, { spec: { plan, ...spec, policy } });
  const [first, second, slow] = await joinMany(client, tiny.run, 3);
  if (!first || !second || !slow) throw new Error('three volunteers');
  const lease = await takeLease(client, tiny.run, slow);
  for (const volunteer of [first, second]) await train(client, tiny, volunteer, good);
  await publishedVersion(client, tiny.run, 1);
  return { client, tiny, first, second, slow, lease };
}

test('[ROUND6] [ROUND7] a late update counts in the next round, and weighs 1/√2 of the others', async () => {
  const { client, tiny, first, slow, lease } = await leaveOneOut();
  expect((await client.run(tiny.run)).view.volunteers[slow.volunteer]).toMatchObject({ lease: lease.id });
  await sendUpdate(client, tiny, lease, () => 0.5);
  const fresh = await train(client, tiny, first, () => -0.125);
  const { segments } = await publishedVersion(client, tiny.run, 2);
  expect(await entriesOf(client, tiny.run, 'update-accepted')).toMatchObject([
    { round: 1 },
    { round: 1 },
    { lease: lease.id, round: 1, countsIn: 2 },
    { lease: fresh.id, round: 2 },
  ]);
  // Both leases are of ten pictures. The sum is of steps of 2^-24, its weights are of steps of 2^-10.
  const late = Math.round((10 / Math.sqrt(2)) * 1_024) / 1_024;
  const sum = [0.5 * late, -0.125 * 10].reduce((steps, part) => steps + Math.round(part * 2 ** 24), 0);
  const mean = Math.fround(sum / 2 ** 24 / (late + 10));
  for (const segment of ['segment-1', 'segment-2'])
    expect(segments[segment]?.shards).toEqual(changedShards(tiny.model, segment, () => 0.25 + mean));
  const { rounds } = (await client.run(tiny.run)).view;
  expect(rounds.map(({ updates, late: count = 0 }) => [updates, count])).toEqual([
    [{ whole: 2 }, 0],
    [{ whole: 2 }, 1],
  ]);
});

test('[ROUND2] a round whose goals are met by late updates closes without a lease', async () => {
  const { client } = platform;
  const policy = { overIssue: 3, updatesPerRound: 1 };
  const tiny = await createTinyRun(client, { spec: { plan: { name: 'conventional' }, policy } });
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, second);
  await train(client, tiny, first, good);
  await publishedVersion(client, tiny.run, 1);
  await sendUpdate(client, tiny, lease, good);
  await publishedVersion(client, tiny.run, 2);
  expect((await entriesOf(client, tiny.run, 'lease-granted')).map(({ round }) => round)).toEqual([1, 1]);
});

test('[ACC1] a passed deadline is no reason against an update if rounds are buffered', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { leaseMs: 1_000 } } });
  const [teacher] = await joinMany(client, tiny.run, 2);
  if (!teacher) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, teacher);
  await viewWhen(
    client,
    tiny.run,
    view => view.volunteers[teacher.volunteer]?.lease === null,
    'the deadline',
  );
  await sendUpdate(client, tiny, lease, good);
  expect((await client.run(tiny.run)).view).toMatchObject({ accepted: 1, refused: 0 });
});

test('[ACC1] [PUB3] an update that is too old is refused as stale, says so, and its lease has ended', async () => {
  const { client, tiny, slow, lease } = await leaveOneOut({ policy: { maxStaleness: 0 } });
  expect(await entriesOf(client, tiny.run, 'lease-ended')).toMatchObject([
    { lease: lease.id, why: 'the round closed' },
  ]);
  const refusal = await refusalOf(sendUpdate(client, tiny, lease, other));
  expect(refusal).toMatchObject({ status: 410, reason: 'stale' });
  expect(refusal.message).toContain('no round is left that it could count in');
  expect((await takeLease(client, tiny.run, slow)).round).toBe(2);
});

test('[REP2] a late update is counted once, though the platform restarts before its round begins and after', async () => {
  const { client, tiny, first, lease } = await leaveOneOut();
  await sendUpdate(client, tiny, lease, good);
  await platform.restart();
  expect(await refusalOf(sendUpdate(platform.client, tiny, lease, good))).toMatchObject({
    reason: 'duplicate',
  });
  await train(platform.client, tiny, first, good);
  const { segments } = await publishedVersion(platform.client, tiny.run, 2);
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', () => 0.5));
});

test('[REP1] a lease that was given back may still bring an update, and that counts', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [teacher, student] = await joinMany(client, tiny.run, 2);
  if (!teacher || !student) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, teacher);
  await client.release(tiny.run, lease.id, teacher.token, 'the tab was closed');
  await sendUpdate(client, tiny, lease, good);
  await train(client, tiny, student, good);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-2']?.shards).toEqual(changedShards(tiny.model, 'segment-2', good));
});

test('[ACC1] an update after the run has finished is refused as run-not-open', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [teacher] = await joinMany(client, tiny.run, 2);
  if (!teacher) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, teacher);
  await client.control(tiny.run, 'finish', tiny.hostKey);
  expect(await refusalOf(sendUpdate(client, tiny, lease, good))).toMatchObject({ reason: 'run-not-open' });
});

test('[ACC9] of one lease five refusals are written down, however often it is tried', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [teacher, student] = await joinMany(client, tiny.run, 2);
  if (!teacher || !student) throw new Error('two volunteers');
  const lease = await train(client, tiny, teacher, good);
  for (let i = 0; i < 8; i++)
    expect(await refusalOf(sendUpdate(client, tiny, lease, good))).toMatchObject({ reason: 'duplicate' });
  await train(client, tiny, student, good);
  await publishedVersion(client, tiny.run, 1);
  expect(await entriesOf(client, tiny.run, 'update-refused')).toHaveLength(5);
});
