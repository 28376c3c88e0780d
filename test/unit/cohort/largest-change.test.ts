import { describe, expect, it } from 'vitest';
import { largestChanges } from '../../../shared/cohort/largest-change.ts';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';
import { TestCohort } from './test-cohort.ts';

function mostOf(peak: number | undefined, spec: Partial<RunSpecInput> = {}, examples = 320): number {
  const lease = { id: 'lease', volunteer: 'ada', role: 'student', round: 1, parts: [0], examples } as const;
  const task = { trains: ['segment-1'] };
  const claims = claimsOf(
    'test00',
    { lease: { ...lease, deadlineAt: 1 }, task, manifest: { version: 0 } },
    1e6,
  );
  const config = {
    spec: smallSpec({ training: { batch: 32, learningRate: 0.05 }, ...spec }),
    model: smallModel,
  };
  return largestChanges(config, claims)({ segment: 'segment-1', tensor: 'kernel', elements: 4, peak });
}

describe('[ACC7] the largest change that is accepted', () => {
  it('is 32 times the tensor’s largest value, or of a quarter, and 64 at most', () => {
    expect([0, 0.1, 0.25, 1, 1.5, 2, 100].map(peak => mostOf(peak))).toEqual([8, 8, 8, 32, 48, 64, 64]);
    expect(mostOf(undefined)).toBe(64);
  });

  it('grows with the square of the rate and with the steps beyond the usual ones', () => {
    const rate = (learningRate: number) => ({ training: { batch: 32, learningRate } });
    expect(mostOf(0, rate(0.1))).toBeCloseTo(32);
    expect(mostOf(0, rate(0.001))).toBe(8);
    expect(mostOf(0, {}, 32 * 64)).toBe(16);
  });

  it('names the tensor that is furthest beyond its bound', () => {
    const model = createTinyModel();
    const outline = {
      ...model.outline,
      segments: model.outline.segments.map(segment => ({
        ...segment,
        tensors: segment.tensors.map(tensor => ({ ...tensor, peak: tensor.name === 's2/bias' ? 0 : 1 })),
      })),
    };
    const spec = smallSpec({ training: { batch: 32, learningRate: 0.05 } });
    const cohort = new TestCohort({ spec, model: outline }, 'teacher', new MemoryBlobs());
    const claims = cohort.claims('ada', 1, ['segment-2']);
    const sent = cohort.send(claims, tensor => (tensor === 's2/bias' ? 9 : 33));
    expect(sent).toMatchObject({
      ...{ ok: false, reason: 'out-of-range' },
      detail: 's2/bias changes by 9, at most 8 is accepted',
    });
    expect(cohort.send(claims, () => 7.5)).toMatchObject({ ok: true });
  });
});
