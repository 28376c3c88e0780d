import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { entriesOf, publishedVersion, until, viewWhen } from '../support/poll.ts';
import { responseOf } from '../support/raw-put.ts';
import { countObjects } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  joinRun,
  refusalOf,
  takeLease,
  train,
} from '../support/tiny-run.ts';

const platform = usePlatform();
const zero = (): number => 0;

test('[LEASE8] a volunteer who finds every role taken waits at least half a second and is told why', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { rounds: 'synchronous' } } });
  const [first, second, third] = await joinMany(client, tiny.run, 3);
  if (!first || !second || !third) throw new Error('three volunteers');
  await takeLease(client, tiny.run, first);
  await takeLease(client, tiny.run, second);
  expect(await client.lease(tiny.run, third.token)).toEqual({
    type: 'wait',
    retryAfterMs: 500,
    wakeAfterMs: 0,
    reason: 'others are finishing this round',
  });
});

test('[LEASE1] nothing is leased before as many have joined as the host wants', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { minVolunteers: 2 } } });
  const first = await joinRun(client, tiny.run);
  expect(await client.lease(tiny.run, first.token)).toMatchObject({
    type: 'wait',
    reason: 'waiting for volunteers: 1 of 2',
  });
  await joinRun(client, tiny.run);
  expect((await takeLease(client, tiny.run, first)).round).toBe(1);
});

test('a lease says what to train, from which blobs, in how many bytes and until when', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { leaseMs: 30_000 } } });
  const [teacher] = await joinMany(client, tiny.run, 2);
  if (!teacher) throw new Error('a volunteer');
  const lease = await takeLease(client, tiny.run, teacher);
  expect(lease).toMatchObject({ round: 1, version: 0, split: 'train', parts: [0], examples: 10 });
  expect(lease.task).toMatchObject({ role: 'teacher', frozen: ['segment-1'], trains: ['segment-2'] });
  expect(lease.deadlineMs).toBeGreaterThan(29_000);
  expect(lease.deadlineMs).toBeLessThanOrEqual(30_000);
  const topology = tiny.model.outline.topology;
  const from = (id: string) => ({ topology, shards: tiny.model.shards[id] });
  expect(lease.segments).toEqual({ 'segment-1': from('segment-1'), 'segment-2': from('segment-2') });
});

test('[LEASE2] asking again ends the lease in hand', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [first] = await joinMany(client, tiny.run, 2);
  if (!first) throw new Error('a volunteer');
  const older = await takeLease(client, tiny.run, first);
  const newer = await takeLease(client, tiny.run, first);
  expect(newer.id).not.toBe(older.id);
  expect(await entriesOf(client, tiny.run, 'lease-ended')).toMatchObject([
    { lease: older.id, volunteer: first.volunteer, role: 'teacher', why: 'asked for another' },
  ]);
  expect((await client.run(tiny.run)).view.volunteers[first.volunteer]?.lease).toBe(newer.id);
});

test('[LEASE3] an expired lease ends with nobody asking, and its place is leased to another', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, {
    spec: { policy: { rounds: 'synchronous', leaseMs: 1_000 } },
  });
  const [first, second, third] = await joinMany(client, tiny.run, 3);
  if (!first || !second || !third) throw new Error('three volunteers');
  const lost = await takeLease(client, tiny.run, first);
  await train(client, tiny, second, zero);
  expect(await client.lease(tiny.run, third.token)).toMatchObject({ type: 'wait' });
  // Only reads from here on: it is the alarm that ends the lease.
  const [ended] = await until(async () => {
    const entries = await entriesOf(client, tiny.run, 'lease-ended');
    return entries.length > 0 && entries;
  }, 'the end of the lease');
  expect(ended).toMatchObject({ lease: lost.id, why: 'the deadline passed' });
  const again = await takeLease(client, tiny.run, third);
  expect(again.task.role).toBe(lost.task.role);
  expect(again.parts).not.toEqual(lost.parts);
});

test('[LEASE9] a lease given back frees its place; nobody else can give it back', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { policy: { rounds: 'synchronous' } } });
  const [first, second, third] = await joinMany(client, tiny.run, 3);
  if (!first || !second || !third) throw new Error('three volunteers');
  const lease = await takeLease(client, tiny.run, first);
  await takeLease(client, tiny.run, second);
  for (const [id, token] of [
    [lease.id, second.token],
    ['nosuchlease', first.token],
  ] as const)
    expect(await refusalOf(client.release(tiny.run, id, token, 'mischief'))).toMatchObject({
      status: 409,
      reason: 'unknown-lease',
    });
  expect(await client.lease(tiny.run, third.token)).toMatchObject({ type: 'wait' });
  await client.release(tiny.run, lease.id, first.token, 'the battery is low');
  expect(await entriesOf(client, tiny.run, 'lease-ended')).toMatchObject([
    { lease: lease.id, why: 'the battery is low' },
  ]);
  expect((await takeLease(client, tiny.run, third)).task.role).toBe(lease.task.role);
});

test('[RUN4] a paused run leases nothing and takes what is out; resumed, it leases again', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  await train(client, tiny, first, zero);
  await client.control(tiny.run, 'pause', tiny.hostKey);
  expect(await client.lease(tiny.run, second.token)).toMatchObject({
    type: 'wait',
    reason: 'the run is paused',
  });
  await client.control(tiny.run, 'resume', tiny.hostKey);
  await train(client, tiny, second, zero);
  expect((await publishedVersion(client, tiny.run, 1)).version).toBe(1);
});

test('[RUN2] what the phase does not allow is refused as run-not-open', async () => {
  const { client } = platform;
  const { run, hostKey } = await createTinyRun(client, { isOpen: false });
  const refusedAs = async (action: 'open' | 'pause' | 'resume') =>
    (await refusalOf(client.control(run, action, hostKey))).message;
  expect(await refusedAs('pause')).toContain('cannot pause a run that is draft');
  await client.control(run, 'open', hostKey);
  expect(await refusedAs('open')).toContain('cannot open a run that is open');
  expect(await refusedAs('resume')).toContain('cannot resume a run that is open');
});

test('[RUN3] a join that is sent again is the same volunteer, and one without a nonce is another', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const other = await createTinyRun(client);
  const nonce = '0123456789abcdef'.repeat(2);
  const [first, again, alone] = [
    await joinRun(client, run, { nonce }),
    await joinRun(client, run, { nonce }),
    await joinRun(client, run),
  ];
  expect(again.volunteer).toBe(first.volunteer);
  expect((await joinRun(client, other.run, { nonce })).volunteer).not.toBe(first.volunteer);
  const { volunteers } = (await client.run(run)).view;
  expect(Object.keys(volunteers).toSorted()).toEqual([first.volunteer, alone.volunteer].toSorted());
  expect(await client.lease(run, again.token)).toMatchObject({ type: 'lease' });
  expect(await refusalOf(joinRun(client, run, { nonce: 'guess' }))).toMatchObject({ reason: 'malformed' });
});

test('[RUN3] after the end nobody joins, and who is there is told that it is over', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [first] = await joinMany(client, tiny.run, 1);
  if (!first) throw new Error('a volunteer');
  await takeLease(client, tiny.run, first);
  await client.control(tiny.run, 'finish', tiny.hostKey);
  expect(await refusalOf(joinRun(client, tiny.run))).toMatchObject({ status: 409, reason: 'run-not-open' });
  expect(await client.lease(tiny.run, first.token)).toEqual({ type: 'finished' });
  const view = await viewWhen(client, tiny.run, ({ phase }) => phase === 'finished', 'the end');
  expect(view).toMatchObject({ why: 'host' });
});

test('[RUN3] a run with a join code lets in who knows it, and who holds the host key as referee', async () => {
  const { client } = platform;
  const { run, hostKey } = await createTinyRun(client, { joinCode: 'sesame' });
  expect((await client.run(run)).needsCode).toBe(true);
  for (const request of [{}, { code: 'sesam' }, { code: '' }])
    expect(await refusalOf(joinRun(client, run, request))).toMatchObject({
      status: 403,
      reason: 'wrong-code',
    });
  const guest = await joinRun(client, run, { code: 'sesame' });
  const referee = await joinRun(client, run, {}, hostKey);
  const { volunteers } = (await client.run(run)).view;
  expect(volunteers[guest.volunteer]?.referee).toBe(false);
  expect(volunteers[referee.volunteer]?.referee).toBe(true);
});

test('[EVAL5] if referees evaluate, no other volunteer is ever asked to', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { spec: { rounds: 1, policy: { evaluators: 'referees' } } });
  const volunteers = await joinMany(client, tiny.run, 2);
  for (const volunteer of volunteers) await train(client, tiny, volunteer, zero);
  await publishedVersion(client, tiny.run, 1);
  for (const { token } of volunteers)
    expect(await client.lease(tiny.run, token)).toMatchObject({ type: 'wait' });
  const referee = await joinRun(client, tiny.run, {}, tiny.hostKey);
  const lease = await takeLease(client, tiny.run, referee);
  expect(lease.task.role).toBe('evaluator');
  await client.putUpdate(tiny.run, lease.id, lease.token, evaluationOf(lease, 1));
});

test('a lease wants a token of this very run', async () => {
  const { client } = platform;
  const [mine, theirs] = [await createTinyRun(client), await createTinyRun(client)];
  const volunteer = await joinRun(client, mine.run);
  const lease = await takeLease(client, mine.run, volunteer);
  for (const [run, token] of [
    [theirs.run, volunteer.token],
    [mine.run, ''],
    [mine.run, 'not.a.token'],
    [mine.run, lease.token],
    [mine.run, mine.hostKey],
  ] as const)
    expect(await refusalOf(client.lease(run, token))).toMatchObject({ status: 401, reason: 'unauthorised' });
  expect(await entriesOf(client, theirs.run, 'lease-granted')).toEqual([]);
});

test('what is asked of an unknown run is not there', async () => {
  const { client } = platform;
  const run = 'nosuchrun2';
  const calls: readonly (() => Promise<unknown>)[] = [
    () => client.run(run),
    () => client.version(run, 0),
    () => client.ledger(run, 0),
    () => client.control(run, 'open', 'key'),
    () => joinRun(client, run),
  ];
  for (const call of calls)
    expect(await refusalOf(call())).toMatchObject({ status: 404, reason: 'not-found' });
});

test('an id that cannot be one is refused before an object is made for it', async () => {
  const { client, folder } = platform;
  await createTinyRun(client);
  const before = await countObjects(folder, 'RunCoordinator');
  for (const id of ['short', 'Uppercase', 'a'.repeat(33), 'semi;colon', '%2e%2e%2f%2e%2e%2f', 'sp%20acesp'])
    for (const path of [paths.run(id), paths.ledger(id), paths.version(id, 0), paths.events(id)])
      expect(await responseOf(await fetch(client.origin + path))).toMatchObject({
        status: 404,
        reason: 'not-found',
      });
  expect(await countObjects(folder, 'RunCoordinator')).toBe(before);
  await createTinyRun(client);
  expect(await countObjects(folder, 'RunCoordinator')).toBe(before + 1);
});
