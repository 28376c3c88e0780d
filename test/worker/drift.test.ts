import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../shared/codec/safetensors.ts';
import type { SegmentVersion } from '../../shared/protocol/model-outline.ts';
import { publishedVersion } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, takeLease, train } from '../support/tiny-run.ts';

const platform = usePlatform();

const SEGMENTS = ['segment-1', 'head-1', 'segment-2'];
const policy = { evaluators: 'referees', updatesPerRound: 2, minVolunteers: 4 } as const;
const spec = {
  plan: { name: 'depth-federated', correction: 0.1 },
  policy,
  rounds: 3,
  aggregation: 'mean',
} as const;

/** How many values a slot has, and which. */
async function slotValues({ slots }: SegmentVersion): Promise<{ count: number; values: Set<number> }> {
  let count = 0;
  const values = new Set<number>();
  for (const ref of slots?.moved ?? []) {
    const decoded = decodeSafetensors(await platform.client.getBlob(ref?.sha256 ?? ''));
    if (!decoded.ok) throw new Error(decoded.detail);
    for (const tensor of decoded.value) {
      count += tensor.values.length;
      for (const value of tensor.values) values.add(value);
    }
  }
  return { count, values };
}

test('[PUB8] two rounds that correct drift publish the weights and slots worked out by hand', async () => {
  const { client } = platform;
  // The kernel lies in several shards.
  const model = createTinyModel([700, 720]);
  const tiny = await createTinyRun(client, { model, spec });
  // Four volunteers with leases of 10 examples: N = 40. Two of them take part in each round: n = 20.
  const volunteers = await joinMany(client, tiny.run, 4);
  const changes = [
    [1 / 8, 3 / 8],
    [-1 / 2, 1 / 4],
  ];
  for (const [round, [a = 0, b = 0]] of changes.entries()) {
    const [first, second] = volunteers.slice(2 * round);
    if (!first || !second) throw new Error('four volunteers');
    await train(client, tiny, first, () => a);
    await train(client, tiny, second, () => b);
    await publishedVersion(client, tiny.run, round + 1);
  }
  const [one, two] = [await client.version(tiny.run, 1), await client.version(tiny.run, 2)];
  // V₁ = 20 · 1/4 and θ₁ = θ₀ + 1/4 + V₁/40; then V₂ = V₁ − 20 · 1/8 and θ₂ = θ₁ − 1/8 + V₂/40.
  const expected = [
    { version: one, moved: 5, change: 1 / 4 + 5 / 40 },
    { version: two, moved: 2.5, change: 1 / 4 + 5 / 40 - 1 / 8 + 2.5 / 40 },
  ];
  for (const { version, moved, change } of expected)
    for (const id of SEGMENTS) {
      const segment = version.segments[id];
      if (!segment) throw new Error(id);
      expect(segment.shards, id).toEqual(changedShards(model, id, () => change));
      const count = model.weights[id]?.reduce((sum, tensor) => sum + tensor.values.length, 0);
      expect(await slotValues(segment), id).toEqual({ count, values: new Set([moved]) });
    }
});

test('[PUB8] a lease names the shards and no slot', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client, {
    spec: { ...spec, policy: { ...policy, minVolunteers: 1, updatesPerRound: 1 } },
  });
  const [volunteer] = await joinMany(client, tiny.run, 1);
  if (!volunteer) throw new Error('one volunteer');
  await train(client, tiny, volunteer, () => 1 / 8);
  const version = await publishedVersion(client, tiny.run, 1);
  const { segments, task } = await takeLease(client, tiny.run, volunteer);
  expect(task.correction).toBe(0.1);
  for (const id of SEGMENTS) {
    expect(version.segments[id]?.slots?.moved).toHaveLength(1);
    expect(Object.keys(segments[id] ?? {})).toEqual(['topology', 'shards']);
    expect(segments[id]?.shards).toEqual(version.segments[id]?.shards);
  }
});
