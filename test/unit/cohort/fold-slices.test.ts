import { describe, expect, it } from 'vitest';
import { encodeUpdate } from '../../../shared/codec/envelope.ts';
import { checkUpdate } from '../../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../../shared/cohort/cohort-machine.ts';
import { MemoryLog } from '../../../shared/cohort/memory-log.ts';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { Manifest, ShardRef } from '../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { memoryEnvelopes } from '../../support/memory-envelopes.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest, trainingMetrics } from '../../support/tiny-run.ts';

/** A kernel in four shards, and an average that follows it. */
const model = createTinyModel([1_000, 900], { decay: 0.5 });
const { spec, model: outline } = tinyRequest({
  model,
  spec: {
    plan: { name: 'momentum-auxiliary' },
    aggregation: 'clipped-mean',
    codec: { name: 'f32' },
    training: { batch: 5 },
  },
});
const config: RunConfig = { spec, model: outline };
const trains = ['segment-2'];
const manifest: Manifest = {
  version: 0,
  segments: Object.fromEntries(
    Object.entries(model.shards).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
  ),
};
const request = { round: 1, manifest, handed: {}, handsOn: [] };

/** Blobs of which one put fails. */
class FlakyBlobs extends MemoryBlobs {
  puts = 0;
  failing = -1;

  override async put(bytes: Uint8Array): Promise<ShardRef> {
    if (this.puts++ === this.failing) throw new Error('R2 does not respond');
    return super.put(bytes);
  }
}

/** A cohort that keeps three updates, and has forgotten its sums. */
function cohortOf(maxValues: number) {
  const [log, blobs] = [new MemoryLog(), new FlakyBlobs()];
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const ports = { log, blobs, envelopes: memoryEnvelopes, sums: new MemorySums().of('teacher') };
  const awake = () =>
    new CohortMachine(config, 'teacher', ports, {
      groupBytes: 2_000_000,
      groupsAtOnce: 3,
      maxValues,
      maxReads: MUCH,
    });
  const machine = awake();
  for (const [i, volunteer] of ['ada', 'bob', 'eve'].entries()) {
    const lease = {
      id: `lease${i}`,
      volunteer,
      role: 'teacher' as const,
      round: 1,
      parts: [0],
      examples: 10,
    };
    const claims = claimsOf(
      'test00',
      { lease: { ...lease, deadlineAt: 1 }, task: { trains }, manifest },
      1e8,
    );
    const tensors = expectedTensors(outline, trains).map(({ elements, ...expected }) => ({
      ...expected,
      values: Float32Array.from(
        { length: elements },
        (_, at) => (((at * 7_919 + i) % 2_003) - 1_001) / 6_400,
      ),
    }));
    const envelope = encodeUpdate({ lease: lease.id, codec: spec.codec, tensors, metrics: trainingMetrics });
    const check = () => checkUpdate(config, claims, envelope);
    const taken = machine.accept(claims, 0, check, envelope.length, { bytes: envelope });
    if (!taken.ok) throw new Error(taken.reason);
  }
  machine.close(1);
  return { log, blobs, awake };
}

const MUCH = 1e12;

describe('a fold in slices', () => {
  it('goes on in another machine from where it came to, and comes to the same bytes', async () => {
    const whole = cohortOf(MUCH);
    const wanted = await whole.awake().foldSlice(request);
    expect(wanted?.segments['average-2']).toHaveLength(4);
    const sliced = cohortOf(1);
    let calls = 1;
    let result = await sliced.awake().foldSlice(request);
    const puts: number[] = [];
    for (; result === null; calls++) {
      puts.push(sliced.blobs.puts);
      result = await sliced.awake().foldSlice(request);
    }
    expect(result).toEqual(wanted);
    expect(calls).toBeGreaterThan(3);
    expect(puts[0]).toBe(1);
    expect(sliced.blobs.puts, 'no shard is made twice').toBe(whole.blobs.puts);
    expect(sliced.log.settled(1)).toEqual([]);
  });

  it('that fails in one slice loses that slice alone', async () => {
    const wanted = await cohortOf(MUCH).awake().foldSlice(request);
    const flaky = cohortOf(1);
    await flaky.awake().foldSlice(request);
    flaky.blobs.failing = flaky.blobs.puts;
    await expect(flaky.awake().foldSlice(request)).rejects.toThrow('R2 does not respond');
    expect(flaky.log.settled(1)).toHaveLength(1);
    expect(await flaky.awake().fold(request)).toEqual(wanted);
  });

  it('keeps all shards that were settled when one of them failed, and makes none of them twice', async () => {
    const whole = cohortOf(MUCH);
    const wanted = await whole.awake().foldSlice(request);
    const flaky = cohortOf(MUCH);
    // Groups of several shards are at work when the third shard fails.
    flaky.blobs.failing = 2;
    await expect(flaky.awake().foldSlice(request)).rejects.toThrow('R2 does not respond');
    const kept = flaky.log.settled(1).length;
    expect(kept).toBeGreaterThan(0);
    const before = flaky.blobs.puts;
    expect(await flaky.awake().foldSlice(request)).toEqual(wanted);
    expect(flaky.blobs.puts - before, 'what was kept is not made again').toBe(whole.blobs.puts - kept);
  });

  it('[CHECK9] keeps the envelopes until those of a later round are in the archive too, and a lease some rounds longer', async () => {
    const { log, awake } = cohortOf(MUCH);
    await awake().foldSlice(request);
    await awake().archive();
    expect(log.updates(1).map(({ place }) => 'bytes' in place)).toEqual([true, true, true]);
    log.setArchived(2);
    expect(log.updates(1).map(({ place }) => 'bytes' in place)).toEqual([false, false, false]);
    expect(log.isUpdated('lease0')).toBe(true);
  });
});
