import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoldedRole, HandedSums } from '../../../shared/protocol/cohort-report.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { planSpecSchema } from '../../../shared/protocol/plan-spec.ts';
import { propertyRuns } from '../../support/extent.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { smallSpec } from '../federation/small-run.ts';
import { TestCohort } from './test-cohort.ts';

const model = createTinyModel([700, 720], { hasNorm: true });
const manifest = {
  version: 0,
  segments: Object.fromEntries(
    Object.entries(model.shards).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
  ),
};
const config = {
  spec: smallSpec({ plan: planSpecSchema.parse({ name: 'depth-federated' }), aggregation: 'mean' }),
  model: model.outline,
};
const student = ['segment-1', 'head-1'];
const whole = ['segment-1', 'segment-2', 'head-1'];
/** What is learnt changes by values of either sign; no variance is below zero. */
const change = (size: number) => (tensor: string, i: number) =>
  tensor.includes('variance') ? Math.abs(size) : size * ((i % 11) - 5);

/** Cohorts of two roles on the same blobs. */
class TwoRoles {
  readonly blobs = new MemoryBlobs();
  readonly sums = new MemorySums();
  readonly student = this.cohort('student');
  readonly whole = this.cohort('whole');

  constructor() {
    for (const { bytes } of model.blobs) this.blobs.keep(bytes);
  }

  /** Folds the round as the coordinator asks for it. */
  async fold(): Promise<FoldedRole> {
    const first = await this.student.fold(1, manifest, { handsOn: student });
    return this.foldWhole(first.handed ?? {});
  }

  foldWhole(handed: HandedSums): Promise<FoldedRole> {
    return this.whole.fold(1, manifest, { handed });
  }

  private cohort(role: Role): TestCohort {
    return new TestCohort(config, role, this.blobs, this.sums);
  }
}

describe('[PUB7] sums that one cohort hands to another', () => {
  it('publish the bytes of one cohort that had all the updates', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.float({ min: -1, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 5,
        }),
        async updates => {
          const [apart, together] = [new TwoRoles(), new TwoRoles()];
          for (const [i, [isWeak, size]] of updates.entries()) {
            if (isWeak) apart.student.train(`v${i}`, 1, student, change(size));
            else apart.whole.train(`v${i}`, 1, whole, change(size));
            together.student.train(`v${i}`, 1, student, change(size));
          }
          const [a, b] = [await apart.fold(), await together.student.fold(1, manifest)];
          expect(a.segments['segment-1']).toEqual(b.segments['segment-1']);
          expect(apart.sums.size, 'what was handed is gone').toBe(0);
        },
      ),
      { numRuns: propertyRuns(10) },
    );
  });

  it('are published by the heavier role even if it has no update, and nothing else is', async () => {
    const roles = new TwoRoles();
    roles.student.train('v0', 1, student, change(0.1));
    const { updates, segments } = await roles.fold();
    expect(updates).toBe(0);
    expect(Object.keys(segments)).toEqual(student);
    expect(segments['segment-1']).not.toEqual(model.shards['segment-1']);
  });

  it('are none if no update came, and the heavier role publishes its own', async () => {
    const roles = new TwoRoles();
    roles.whole.train('v0', 1, whole, change(0.1));
    expect(await roles.student.fold(1, manifest, { handsOn: student })).toEqual({ updates: 0, segments: {} });
    expect(Object.keys((await roles.foldWhole({})).segments)).toEqual(whole);
  });

  it('count once if the fold fails on its way and is asked again', async () => {
    const [failing, other] = [new TwoRoles(), new TwoRoles()];
    for (const roles of [failing, other]) {
      roles.student.train('v0', 1, student, change(0.1));
      roles.whole.train('v1', 1, whole, change(0.3));
    }
    const { handed = {} } = await failing.student.fold(1, manifest, { handsOn: student });
    const lost = { ...handed, 'head-1': ['lost'] };
    await expect(failing.foldWhole(lost)).rejects.toThrow('the sum lost is missing');
    const again = await failing.foldWhole(handed);
    expect(again).toEqual(await other.fold());
  });

  it('are let go by a fold that is asked again, if it ended before that', async () => {
    const roles = new TwoRoles();
    roles.student.train('v0', 1, student, change(0.1));
    const { handed = {} } = await roles.student.fold(1, manifest, { handsOn: student });
    roles.sums.failingDrops = 1;
    await expect(roles.foldWhole(handed)).rejects.toThrow('evicted');
    expect(roles.sums.size).toBeGreaterThan(0);
    roles.whole.evict();
    expect(Object.keys((await roles.foldWhole(handed)).segments)).toEqual(student);
    expect(roles.sums.size).toBe(0);
  });

  it('of another shard are refused', async () => {
    const roles = new TwoRoles();
    roles.student.train('v0', 1, student, change(0.1));
    roles.whole.train('v1', 1, whole, change(0.3));
    const { handed = {} } = await roles.student.fold(1, manifest, { handsOn: student });
    const wrong = { 'segment-1': handed['head-1'] ?? [] };
    await expect(roles.foldWhole(wrong)).rejects.toThrow(/a sum of \d+ bytes for shard 0 of segment-1/);
  });
});
