import { describe, expect, test } from 'vitest';
import type { ChannelSlices } from '../../shared/protocol/channels.ts';
import { publishedVersion } from '../support/poll.ts';
import { sliceableModel } from '../support/sliceable-model.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinRun, refusalOf, takeLease, train, updateOf } from '../support/tiny-run.ts';

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

describe('[PUB7] a plan of sub-networks', () => {
  const sliceable = sliceableModel([4, 2], [2, 1]);
  const sliced = (plan: object) =>
    ({
      ...spec,
      plan: { name: 'sub-networks', ...plan },
      policy: { ...policy, updatesPerRound: 2 },
    }) as const;

  test('averages each weight over the devices of two widths that had it, to the bit', async () => {
    const { client } = platform;
    const tiny = await createTinyRun(client, { model: sliceable, spec: sliced({}) });
    const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0.0017 };
    const weak = await joinRun(client, tiny.run, { name: 'weak', device });
    const strong = await joinRun(client, tiny.run, { name: 'strong' });
    const roles = [
      (await train(client, tiny, weak, () => 1 / 8)).task.role,
      (await train(client, tiny, strong, () => 3 / 8)).task.role,
    ];
    expect(roles).toEqual(['slice-1', 'whole']);
    const { segments } = await publishedVersion(client, tiny.run, 1);
    // The weak one had the first of three channels, two of four rows and the first of two columns.
    const both: Readonly<Record<string, readonly number[]>> = {
      's1/kernel': [0, 3],
      's1/bias': [0],
      's2/kernel': [0, 2],
      's2/bias': Array.from({ length: 10 }, (_, i) => i),
    };
    const change = (tensor: string, i: number) => (both[tensor]?.includes(i) ? 1 / 4 : 3 / 8);
    for (const id of ['segment-1', 'segment-2'])
      expect(segments[id]?.shards, id).toEqual(changedShards(sliceable, id, change));
  });

  test('takes updates of the lease’s own slices only', async () => {
    const { client } = platform;
    const tiny = await createTinyRun(client, { model: sliceable, spec: sliced({}) });
    const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0.0017 };
    const lease = await takeLease(client, tiny.run, await joinRun(client, tiny.run, { device }));
    expect(lease.task.role).toBe('slice-1');
    const { slices: _, ...whole } = lease.task;
    const shallow = { ...lease.task, trains: lease.task.trains.slice(0, 1) };
    for (const task of [whole, shallow]) {
      const update = updateOf(sliceable, { ...lease, task }, () => 1 / 8);
      const put = client.putUpdate(tiny.run, lease.id, lease.token, update);
      expect((await refusalOf(put))?.reason).toMatch(/^(wrong-table|too-large)$/);
    }
  });

  test('leaves the weights between two disjoint shares as they are', async () => {
    const { client } = platform;
    const even = sliceableModel([4, 2], [1, 1]);
    const threes = { ...even.outline, spaces: even.outline.spaces?.map(evenly) ?? [] };
    const model = { ...even, outline: threes };
    const tiny = await createTinyRun(client, { model, spec: sliced({ slicing: 'disjoint' }) });
    const rows: number[][] = [];
    const volunteers = [
      await joinRun(client, tiny.run, { name: 'one' }),
      await joinRun(client, tiny.run, { name: 'two' }),
    ];
    for (const volunteer of volunteers) {
      const { task } = await train(client, tiny, volunteer, () => 1 / 8);
      rows.push(...(task.slices ?? []).slice(1).map(channelsIn));
    }
    const [rowsOfOne, columnsOfOne] = rows;
    const { segments } = await publishedVersion(client, tiny.run, 1);
    const isOne = (list: readonly number[] | undefined, i: number) => list?.includes(i) === true;
    const change = (tensor: string, i: number) =>
      tensor !== 's2/kernel' || isOne(rowsOfOne, Math.floor(i / 2)) === isOne(columnsOfOne, i % 2)
        ? 1 / 8
        : 0;
    for (const id of ['segment-1', 'segment-2'])
      expect(segments[id]?.shards, id).toEqual(changedShards(model, id, change));
  });

  /** Three channels are in every share. */
  const evenly = <Of extends { channels: number; granule?: number | undefined }>({
    granule,
    ...space
  }: Of) => (space.channels === 3 ? space : { ...space, granule });

  const channelsIn = ({ spans }: ChannelSlices[number]): number[] =>
    spans.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
});
