import { expect, test } from 'vitest';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { RunHost } from '../../client/platform/run-host.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, entriesOf, publishedVersion, until, viewWhen } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  createTinyRun,
  evaluationOf,
  joinMany,
  joinRun,
  refusalOf,
  type TinyRun,
  type TinyVolunteer,
  takeLease,
  train,
  updateOf,
} from '../support/tiny-run.ts';

const platform = usePlatform();

const conventional = { name: 'conventional' } as const;

/** So many rounds of two volunteers, each of which moves every weight by the number of its version. */
async function trainTo(tiny: TinyRun, pair: readonly TinyVolunteer[], last: number): Promise<void> {
  const { client } = platform;
  const { view } = await client.run(tiny.run);
  for (let version = view.version + 1; version <= last; version++) {
    for (const volunteer of pair) await train(client, tiny, volunteer, () => version / 8);
    await publishedVersion(client, tiny.run, version);
  }
}

const hostOf = (run: string, key: string): RunHost => new RunHost(platform.client, run, key);

const replayed = async (run: string) => {
  const sums = new MemorySums();
  const { client } = platform;
  return replayRun(replayPorts(client, await client.run(run), role => sums.of(role)));
};

test('[BACK1] [BACK2] [BACK3] a host returns to a kept version: it is the next one, and what was trained since is refused', async () => {
  const { client } = platform;
  const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
  const tiny = await createTinyRun(client, { spec: { plan: conventional, rounds: 20, policy } });
  const pair = await joinMany(client, tiny.run, 2);
  await trainTo(tiny, pair, 3);
  const [ada] = pair;
  if (!ada) throw new Error('nobody has joined');
  const lease = await takeLease(client, tiny.run, ada);
  expect(await client.keptVersions(tiny.run)).toEqual([0, 1, 2, 3]);
  await hostOf(tiny.run, tiny.hostKey).takeBack(1);
  const { segments } = await publishedVersion(client, tiny.run, 4);
  expect(segments).toEqual((await client.version(tiny.run, 1)).segments);
  const [back] = await entriesOf(client, tiny.run, 'run-taken-back');
  expect(back).toEqual({ type: 'run-taken-back', from: 3, to: 1, round: 4, why: 'host' });
  const sent = client.putUpdate(
    tiny.run,
    lease.id,
    lease.token,
    updateOf(tiny.model, lease, () => 1),
  );
  expect(await refusalOf(sent)).toMatchObject({ status: 410, reason: 'taken-back' });
  const next: Lease = await takeLease(client, tiny.run, ada);
  expect(next).toMatchObject({ round: 5, version: 4 });
  await trainTo(tiny, pair, 6);
  expect((await client.run(tiny.run)).view.rounds.map(({ weightsOf }) => weightsOf ?? null)).toEqual([
    ...[null, null, null, 1, null, null],
  ]);
  await until(() => archivedRound(client, tiny.run, 'whole', 6), 'the archive');
  expect(await replayed(tiny.run)).toMatchObject({ difference: null, matched: { first: 1, last: 6 } });
});

test('[BACK1] nobody else takes a run back, and not to a version that is not there', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  expect(await refusalOf(hostOf(tiny.run, 'x'.repeat(64)).takeBack(0))).toMatchObject({
    reason: 'forbidden',
  });
  expect(await refusalOf(hostOf(tiny.run, tiny.hostKey).takeBack(1))).toMatchObject({
    reason: 'not-found',
    message: expect.stringContaining('there is no version 1: the newest is version 0'),
  });
  await client.control(tiny.run, 'finish', tiny.hostKey);
  expect(await refusalOf(hostOf(tiny.run, tiny.hostKey).takeBack(0))).toMatchObject({
    reason: 'run-not-open',
  });
});

test('[BACK4] a run that was killed while it was taken back goes on with that', async () => {
  const { client } = platform;
  const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
  const tiny = await createTinyRun(client, { spec: { plan: conventional, rounds: 20, policy } });
  await trainTo(tiny, await joinMany(client, tiny.run, 2), 2);
  await hostOf(tiny.run, tiny.hostKey).takeBack(1);
  await platform.restart();
  const { segments } = await publishedVersion(platform.client, tiny.run, 3);
  expect(segments).toEqual((await platform.client.version(tiny.run, 1)).segments);
});

test('[RUN5] [EVAL8] a single volunteer cannot end a run by its word, and the host’s referee can', async () => {
  const { client } = platform;
  const spec = { plan: conventional, rounds: 9, stopAtTarget: true, targetAccuracy: 0.9 } as const;
  const tiny = await createTinyRun(client, { spec: { ...spec, policy: { updatesPerRound: 1 } } });
  const liar = await joinRun(client, tiny.run);
  const work = async (volunteer: TinyVolunteer): Promise<void> => {
    const lease = await takeLease(client, tiny.run, volunteer);
    const envelope =
      lease.task.role === 'evaluator'
        ? evaluationOf(lease, lease.examples)
        : updateOf(tiny.model, lease, () => 0.125);
    await client.putUpdate(tiny.run, lease.id, lease.token, envelope);
    if (lease.task.role !== 'evaluator') await publishedVersion(client, tiny.run, lease.round);
  };
  for (let i = 0; i < 8; i++) await work(liar);
  const claimed = await entriesOf(client, tiny.run, 'version-evaluated');
  expect(claimed.length).toBeGreaterThan(0);
  for (const event of claimed) expect(event).toMatchObject({ accuracy: 1, confirmed: false });
  expect((await client.run(tiny.run)).view).toMatchObject({ phase: 'open', accuracy: 1, unconfirmed: true });
  const referee = await joinRun(client, tiny.run, { name: 'the host' }, tiny.hostKey);
  for (let i = 0; i < 12 && (await client.run(tiny.run)).view.phase === 'open'; i++) await work(referee);
  const view = await viewWhen(client, tiny.run, ({ phase }) => phase === 'finished', 'the end');
  expect(view).toMatchObject({ why: 'target', unconfirmed: false });
});

/** Answers tests, of which half is right, until it is leased training. */
async function trainSoon(tiny: TinyRun, volunteer: TinyVolunteer): Promise<void> {
  for (;;) {
    const lease = await takeLease(platform.client, tiny.run, volunteer);
    const isTest = lease.task.role === 'evaluator';
    const update = isTest
      ? evaluationOf(lease, lease.examples / 2)
      : updateOf(tiny.model, lease, () => 0.125);
    await platform.client.putUpdate(tiny.run, lease.id, lease.token, update);
    if (!isTest) return;
  }
}

test('[EVAL7] [EVAL10] [EVAL13] a liar among three who judge is found out', async () => {
  const { client } = platform;
  const policy = { updatesPerRound: 1, overIssue: 1 };
  const tiny = await createTinyRun(client, { spec: { plan: conventional, rounds: 4, policy } });
  const [trainer, ...judges] = await joinMany(client, tiny.run, 4);
  if (!trainer) throw new Error('nobody has joined');
  // Each has trained a version before, and the last one is by somebody else.
  for (const [i, volunteer] of [...judges, trainer].entries()) {
    await trainSoon(tiny, volunteer);
    await publishedVersion(client, tiny.run, i + 1);
  }
  for (let i = 0; i < 20 && (await client.run(tiny.run)).view.phase === 'open'; i++)
    for (const [at, judge] of [trainer, ...judges].entries()) {
      const reply = await client.lease(tiny.run, judge.token);
      if (reply.type !== 'lease') continue;
      const { lease } = reply;
      const right = at === 1 ? lease.examples : lease.examples / 2;
      await client.putUpdate(tiny.run, lease.id, lease.token, evaluationOf(lease, right));
    }
  const verdicts = await entriesOf(client, tiny.run, 'version-evaluated');
  expect(verdicts.at(-1)).toMatchObject({ version: 4, accuracy: 0.5 });
  expect(verdicts.at(-1)).not.toHaveProperty('confirmed');
  const contradicted = await entriesOf(client, tiny.run, 'judgement-contradicted');
  expect(contradicted.map(({ volunteer }) => volunteer)).toEqual([judges[0]?.volunteer]);
  const { volunteers } = (await client.run(tiny.run)).view;
  expect(volunteers[judges[0]?.volunteer ?? '']?.contradicted).toBe(1);
});
