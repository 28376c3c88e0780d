import { expect, test } from 'vitest';
import { entriesOf, publishedVersion, viewWhen } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, evaluationOf, joinMany, joinRun, takeLease, train } from '../support/tiny-run.ts';

const platform = usePlatform();

test('[PUB1] three segments are three roles, each folded by a cohort of its own, to the bit', async () => {
  const { client } = platform;
  const model = createTinyModel([3, 10], { hasMiddle: true });
  const policy = { evaluators: 'referees' } as const;
  const tiny = await createTinyRun(client, { model, spec: { policy } });
  const volunteers = await joinMany(client, tiny.run, 3);
  const changes = [1 / 16, 1 / 8, 1 / 4];
  const leases = [];
  for (const [i, volunteer] of volunteers.entries())
    leases.push(await train(client, tiny, volunteer, () => changes[i] ?? 0));
  expect(leases.map(({ task }) => [task.role, task.trains])).toEqual([
    ['segment-2', ['middle', 'head-middle']],
    ['teacher', ['segment-2']],
    ['student', ['segment-1', 'head-1']],
  ]);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  for (const [i, { task }] of leases.entries())
    for (const id of task.trains)
      expect(segments[id]?.shards, id).toEqual(changedShards(model, id, () => changes[i] ?? 0));
  const [published] = await entriesOf(client, tiny.run, 'version-published');
  expect(published?.updates).toEqual({ student: 1, 'segment-2': 1, teacher: 1 });
  const next = await takeLease(client, tiny.run, volunteers[0] ?? { volunteer: '', token: '' });
  expect(next.task.role).toBe('teacher');
});

test('[EVAL1] a run that grows is trained and judged by what has joined, from round to round', async () => {
  const { client } = platform;
  const plan = { name: 'growing-together', growAt: 0.5 } as const;
  const policy = { updatesPerRound: 1 };
  const spec = { plan, policy, rounds: 2, stopAtTarget: true, targetAccuracy: 0.1 };
  const tiny = await createTinyRun(client, { spec });
  // A referee, or nobody could confirm that the target is reached.
  const volunteer = await joinRun(client, tiny.run, {}, tiny.hostKey);
  /** Both leases of a version's evaluation, all of it told right. Returns what they were given. */
  const evaluate = async (): Promise<Set<string>> => {
    const given: string[] = [];
    for (let half = 0; half < 2; half++) {
      const lease = await takeLease(client, tiny.run, volunteer);
      expect(lease.task.role).toBe('evaluator');
      await client.putUpdate(tiny.run, lease.id, lease.token, evaluationOf(lease, lease.examples));
      given.push(...Object.keys(lease.segments));
    }
    return new Set(given);
  };
  expect((await train(client, tiny, volunteer, () => 0.25)).task.role).toBe('student');
  await publishedVersion(client, tiny.run, 1);
  expect((await train(client, tiny, volunteer, () => 0.25)).task.role).toBe('whole');
  await publishedVersion(client, tiny.run, 2);
  expect(await evaluate()).toEqual(new Set(['segment-1', 'head-1']));
  // Right everywhere, and still no end: what is exported is not what was judged.
  // It was version 0, which nobody has trained: that is no accuracy of the run.
  expect((await client.run(tiny.run)).view).toMatchObject({ phase: 'open', accuracy: null });
  expect(await evaluate()).toEqual(new Set(['segment-1', 'segment-2']));
  const view = await viewWhen(client, tiny.run, ({ phase }) => phase === 'finished', 'the end');
  expect(view.why).toBe('target');
});

test('[PUB1] a role that trains more than in the round before is not clipped by the norms of less', async () => {
  const { client } = platform;
  const model = createTinyModel([3, 10], { hasMiddle: true });
  const plan = { name: 'growing-together', growAt: 0.5 } as const;
  const policy = { updatesPerRound: 1, evaluators: 'referees' } as const;
  const spec = { plan, policy, rounds: 4, aggregation: 'clipped-mean' } as const;
  const tiny = await createTinyRun(client, { model, spec });
  const [volunteer] = await joinMany(client, tiny.run, 1);
  if (!volunteer) throw new Error('a volunteer');
  for (const [i, path] of [['segment-1'], ['segment-1', 'middle']].entries()) {
    const { task } = await train(client, tiny, volunteer, () => 0.25);
    expect([task.role, task.path]).toEqual(['student', path]);
    await publishedVersion(client, tiny.run, i + 1);
  }
  const { segments } = await client.version(tiny.run, 2);
  expect(segments.middle?.shards).toEqual(changedShards(model, 'middle', () => 0.25));
  expect(segments['segment-1']?.shards).toEqual(changedShards(model, 'segment-1', () => 0.5));
});
