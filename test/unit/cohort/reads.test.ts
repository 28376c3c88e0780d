import { expect, it } from 'vitest';
import { encodeUpdate } from '../../../shared/codec/envelope.ts';
import { CohortMachine } from '../../../shared/cohort/cohort-machine.ts';
import { USUAL_LIMITS } from '../../../shared/cohort/fold-limits.ts';
import { MemoryLog } from '../../../shared/cohort/memory-log.ts';
import { mostCompared } from '../../../shared/cohort/most-compared.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { AggregationName } from '../../../shared/protocol/aggregation-spec.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest, trainingMetrics } from '../../support/tiny-run.ts';
import { TestCohort } from './test-cohort.ts';

/** Two shards of 250,000 values, and a small one. */
const model = createTinyModel([700, 700]);
const UPDATES = 30;

/** A cohort that keeps many large updates in R2, and the reads that each call of its fold makes there. */
function cohortOf(aggregation: AggregationName) {
  const spec = { plan: { name: 'conventional' }, aggregation, codec: { name: 'f16' } } as const;
  const request = tinyRequest({ model, spec });
  const config = { spec: request.spec, model: model.outline };
  const trains = planTasks(config.spec, config.model, 1)[0]?.trains ?? [];
  const [log, blobs] = [new MemoryLog(), new MemoryBlobs()];
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const tensors = expectedTensors(config.model, trains).map(({ elements, ...expected }) => ({
    ...expected,
    values: Float32Array.from({ length: elements }, (_, i) => ((i % 7) - 3) / 64),
  }));
  const envelope = encodeUpdate({
    lease: 'any',
    codec: config.spec.codec,
    tensors,
    metrics: trainingMetrics,
  });
  for (let i = 0; i < UPDATES; i++)
    log.keep({
      ...{ lease: `lease${i}`, volunteer: `v${i}`, round: 1, countsIn: 1, examples: 10, weight: 10 },
      ...{ facts: { norm: 1, sha256: `${i}` }, place: { key: `${i}` }, sketch: null, norm: 1 },
    });
  let reads = 0;
  let [open, mostOpen] = [0, 0];
  const envelopes = {
    read: async (_: unknown, offset: number, bytes: number) => {
      reads += 1;
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await Promise.resolve();
      open -= 1;
      return envelope.subarray(offset, offset + bytes);
    },
    archive: async () => {},
  };
  const ports = { log, blobs, envelopes, sums: new MemorySums().of('whole') };
  const segments = Object.entries(request.segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest = { version: 0, segments: Object.fromEntries(segments) };
  const fold = async (maxReads: number): Promise<{ result: FoldedRole | null; reads: number }> => {
    reads = 0;
    const machine = new CohortMachine(config, 'whole', ports, { ...USUAL_LIMITS, maxReads });
    machine.close(1);
    return { result: await machine.foldSlice({ round: 1, manifest, handed: {}, handsOn: [] }), reads };
  };
  return { fold, mostOpen: () => mostOpen };
}

it.each(['median', 'geometric-median'] as const)(
  'a fold by %s reads a shard in few pieces, several at once, and stops before a call has made too many',
  async aggregation => {
    const whole = cohortOf(aggregation);
    const { result, reads } = await whole.fold(Number.POSITIVE_INFINITY);
    expect(result?.updates).toBe(UPDATES);
    // Each head, and of each large shard two blocks. Who compares reads each shard once more, to sum it.
    expect(reads).toBeLessThanOrEqual(UPDATES * (aggregation === 'median' ? 6 : 9));
    expect(whole.mostOpen()).toBe(6);
    const sliced = cohortOf(aggregation);
    let calls = 1;
    let call = await sliced.fold(100);
    for (; call.result === null; calls++) {
      expect(call.reads).toBeLessThanOrEqual(100);
      call = await sliced.fold(100);
    }
    expect(call.result).toEqual(result);
    expect(calls).toBeGreaterThan(2);
  },
);

const outlineOf = (elements: number): ModelOutline => {
  const [segment] = model.outline.segments;
  if (!segment) throw new Error('a model without segments');
  return { ...model.outline, segments: [{ ...segment, tensors: [{ name: 'kernel', shape: [elements] }] }] };
};

it('[ACC2] as many updates can be compared as one call can read of a shard', () => {
  const most = (bucket: number, elements: number): number =>
    mostCompared(
      { robust: { bucket, hostile: 0.3, clip: 'many-rounds', statistics: 'guarded' } },
      outlineOf(elements),
    );
  expect(most(1, 250_000)).toBe(431);
  expect(most(2, 250_000)).toBe(250);
  expect(most(1, 10_000_000)).toBe(431);
  expect(most(1, 100_000)).toBe(512);
  expect(most(8, 250_000)).toBe(500);
});

it('[ACC2] an update that would be one too many to compare counts in the next round', () => {
  const policy = { rounds: 'buffered', maxStaleness: 4 } as const;
  const spec = { plan: { name: 'conventional' }, aggregation: 'median', policy } as const;
  const config = { spec: tinyRequest({ model, spec }).spec, model: model.outline };
  const cohort = new TestCohort(config, 'whole', new MemoryBlobs());
  const most = mostCompared(config.spec, config.model);
  for (let i = 0; i < most; i++)
    cohort.log.keep({
      ...{ lease: `lease${i}`, volunteer: `v${i}`, round: 1, countsIn: 1, examples: 10, weight: 10 },
      ...{ facts: {}, place: { key: `${i}` }, sketch: null, norm: 1 },
    });
  const trains = planTasks(config.spec, config.model, 1)[0]?.trains ?? [];
  cohort.train('ada', 1, trains, () => 1 / 8);
  expect(most).toBeLessThan(512);
  expect([1, 2].map(round => cohort.log.countUpdates(round))).toEqual([most, 1]);
});
