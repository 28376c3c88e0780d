import { describe, expect, it } from 'vitest';
import { boundStatistics } from '../../../shared/aggregation/bound-statistics.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import type { Robust } from '../../../shared/protocol/aggregation-spec.ts';
import type { FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import { segmentById } from '../../../shared/protocol/model-outline.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { type Change, createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { TestCohort } from './test-cohort.ts';

const model = createTinyModel([3, 10], { hasNorm: true });
const trains = ['segment-1', 'segment-2'];
const manifest: Manifest = {
  version: 0,
  segments: Object.fromEntries(
    Object.entries(model.shards).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
  ),
};
const LARGEST = 2 ** 32;

type Rule = 'mean' | 'clipped-mean' | 'geometric-median' | 'fltrust';

class Guarded {
  private readonly blobs = new MemoryBlobs();
  readonly cohort: TestCohort;

  constructor(aggregation: Rule = 'clipped-mean', robust: Partial<Robust> = {}) {
    for (const { bytes } of model.blobs) this.blobs.keep(bytes);
    const { spec } = tinyRequest({ model, spec: { plan: { name: 'conventional' }, aggregation, robust } });
    this.cohort = new TestCohort({ spec, model: model.outline }, 'whole', this.blobs);
  }

  /** An update for each of these variances. Means are as large, up to what one can be. */
  train(variances: readonly number[]): this {
    for (const [i, variance] of variances.entries())
      this.cohort.train(`v${i}`, 1, trains, observing(variance));
    return this;
  }

  fold(): Promise<FoldedRole> {
    return this.cohort.fold(1, manifest);
  }

  async published(): Promise<{ mean: number; variance: number }> {
    const { segments } = await this.fold();
    const shards = (segments['segment-2'] ?? []).map(({ sha256 }) => this.blobs.read(sha256));
    const read = readShards(segmentById(model.outline, 'segment-2').tensors, shards);
    if (!read.ok) throw new Error(read.reason);
    const of = (name: string): number => read.value.find(one => one.name === name)?.values[0] ?? Number.NaN;
    return { mean: of('norm/moving_mean'), variance: of('norm/moving_variance') };
  }
}

const observing =
  (variance: number): Change =>
  tensor =>
    tensor.includes('variance') ? variance : tensor.includes('mean') ? Math.min(variance, 2 ** 16) : 0.25;

describe('[PUB5] a statistic', () => {
  it('does without the largest and the smallest values of three or more', async () => {
    const near = { mean: expect.closeTo(1.25), variance: expect.closeTo(1.25) };
    expect(await new Guarded().train([1, 1.5, LARGEST, 0]).published()).toEqual(near);
    expect(await new Guarded('geometric-median').train([1, 1.5, LARGEST, 0]).published()).toEqual(near);
  });

  it('is the middle one of two updates and the version', async () => {
    // The version's own are zero.
    expect(await new Guarded().train([1.5, LARGEST]).published()).toEqual({ mean: 1.5, variance: 1.5 });
    expect(await new Guarded().train([5, 3]).published()).toEqual({ mean: 3, variance: 3 });
  });

  it('moves by a bounded amount if one update is all there is', async () => {
    const { mean, variance } = await new Guarded().train([LARGEST]).published();
    expect([mean, variance]).toEqual([16, expect.closeTo(0.016)]);
    const old = Float32Array.of(2, 0.5, 4);
    expect([...boundStatistics('variance', old, Float32Array.of(LARGEST, 0, 5))]).toEqual([32, 0.5 / 16, 5]);
    expect([...boundStatistics('mean', old, Float32Array.of(-9_999, 99, 5))]).toEqual([-32, 16, 5]);
  });

  it('comes to the same bytes after an eviction, in which the running sums are lost', async () => {
    const wanted = await new Guarded().train([1, 1.5, LARGEST]).fold();
    const evicted = new Guarded().train([1, 1.5, LARGEST]);
    evicted.cohort.evict();
    expect(await evicted.fold()).toEqual(wanted);
  });

  it('is the referee’s own by fltrust', async () => {
    const run = new Guarded('fltrust');
    run.cohort.train('referee', 1, trains, observing(2), true);
    expect(await run.train([LARGEST, 0, 0]).published()).toEqual({ mean: 2, variance: 2 });
  });

  it('is the plain mean by the mean, and in a run of an older release', async () => {
    const mean = { mean: 5, variance: 5 };
    expect(await new Guarded('mean').train([1, 3, 11]).published()).toEqual(mean);
    expect(await new Guarded('clipped-mean', { statistics: 'mean' }).train([1, 3, 11]).published()).toEqual(
      mean,
    );
  });

  it('is the mean, within its bounds, if the updates are with several cohorts, and that is told', async () => {
    const run = new Guarded().train([1, 3, 11]);
    run.cohort.close(1);
    const ofRole = { ...run.cohort.closed(1), first: 0, sums: [] };
    const request = { round: 1, manifest, handed: {}, handsOn: [] };
    const folded = await run.cohort.foldAs({ ...request, ofRole });
    expect(folded.statistics).toBe('mean');
    const alone = new Guarded().train([1, 3, 11]);
    alone.cohort.close(1);
    expect(await alone.cohort.foldAs({ ...request, statistics: 'mean' }), 'as a replay asks').toEqual(folded);
    expect((await new Guarded().train([1, 3, 11]).fold()).statistics).toBeUndefined();
  });
});
