import { expect, test } from 'vitest';
import { publishedVersion } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();

const model = createTinyModel([3, 10], { hasMiddle: true });
const policy = { evaluators: 'referees', updatesPerRound: 3 } as const;
const spec = { plan: { name: 'depth-federated' }, policy, rounds: 2, aggregation: 'mean' } as const;

/** Memory in MB by which a device has room for one, two or all three segments of the tiny model. */
const ROOM = [0.002, 0.004, 0];

test('[PUB7] a segment that devices of three depths trained is averaged over all of them, to the bit', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { model, spec });
  const volunteers = [];
  for (const [i, memoryMB] of ROOM.entries()) {
    const device = { backend: 'cpu', macsPerSecond: 0, memoryMB };
    volunteers.push(await joinRun(client, tiny.run, { name: `volunteer ${i}`, device }));
  }
  const changes = [1 / 8, 1 / 4, 3 / 8];
  const roles = [];
  for (const [i, volunteer] of volunteers.entries())
    roles.push((await train(client, tiny, volunteer, () => changes[i] ?? 0)).task.role);
  expect(roles).toEqual(['student', 'depth-2', 'whole']);
  const { segments } = await publishedVersion(client, tiny.run, 1);
  const mean = (...of: readonly number[]) => of.reduce((sum, each) => sum + each, 0) / of.length;
  const expected = {
    'segment-1': mean(1 / 8, 1 / 4, 3 / 8),
    'head-1': mean(1 / 8, 1 / 4, 3 / 8),
    middle: mean(1 / 4, 3 / 8),
    'segment-2': 3 / 8,
  };
  for (const [id, change] of Object.entries(expected))
    expect(segments[id]?.shards, id).toEqual(changedShards(model, id, () => change));
});

test('[PUB7] a round without strong devices publishes what the weak ones trained', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, { model, spec });
  const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: ROOM[0] ?? 0 };
  const volunteer = await joinRun(client, tiny.run, { device });
  const { task } = await train(client, tiny, volunteer, () => 1 / 4);
  expect(task.role).toBe('student');
  const { segments } = await publishedVersion(client, tiny.run, 1);
  expect(segments['segment-1']?.shards).toEqual(changedShards(model, 'segment-1', () => 1 / 4));
  expect(segments['segment-2']).toEqual({ version: 0, shards: model.shards['segment-2'] });
});
