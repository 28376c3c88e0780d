import { describe, expect, it } from 'vitest';
import { checkAggregation } from '../../../shared/cohort/check-aggregation.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';

const whyRefused = (spec: Partial<RunSpecInput>): string | null => {
  const checked = checkAggregation(smallSpec(spec), smallModel);
  return checked.ok ? null : (checked.detail ?? checked.reason);
};

describe('a rule that a run could never count by', () => {
  it.each([
    [
      { aggregation: 'multi-krum', policy: { updatesPerRound: 9 } },
      'multi-krum compares 5 updates of a role at least, and a round of 9 updates for 2 roles wants 4 of each: let a round take 10 updates or more, or choose clipped-mean',
    ],
    [
      { aggregation: 'median', robust: { bucket: 2 }, policy: { updatesPerRound: 11 } },
      'median with buckets compares 6 updates of a role at least, and a round of 11 updates for 2 roles wants 5 of each: let a round take 12 updates or more, or make smaller buckets',
    ],
    [
      { aggregation: 'clipped-mean', robust: { bucket: 8 }, policy: { updatesPerRound: 4 } },
      'clipped-mean with buckets compares 8 updates of a role at least, and a round of 4 updates for 2 roles wants 2 of each: let a round take 16 updates or more, or make smaller buckets',
    ],
    [
      { aggregation: 'median', policy: { updatesPerRound: 20, cohorts: 2 } },
      'median needs all updates of a role in one place: set policy.cohorts to 1 or auto, or choose clipped-mean without buckets',
    ],
    [
      { aggregation: 'clipped-mean', robust: { bucket: 2 }, policy: { cohorts: 3 } },
      'clipped-mean with buckets needs all updates of a role in one place: set policy.cohorts to 1 or auto, or choose clipped-mean without buckets',
    ],
    [
      { aggregation: 'fltrust', policy: { updatesPerRound: 20 } },
      'fltrust compares each update with one that a referee trains on the root set, and this run holds nothing back: hold some pictures back (--root), or choose geometric-median or multi-krum',
    ],
    [
      { aggregation: 'mean', robust: { bucket: 2 } },
      'the mean of means is the mean: leave the bucket out, or choose another rule',
    ],
  ] as const)('%j is refused, and what to change is said', (spec, why) => {
    expect(whyRefused(spec)).toBe(why);
  });

  it.each([
    { aggregation: 'multi-krum', policy: { updatesPerRound: 10 } },
    { aggregation: 'multi-krum', plan: { name: 'conventional' }, policy: { updatesPerRound: 5 } },
    { aggregation: 'trimmed-mean', policy: { updatesPerRound: 6, cohorts: 'auto' } },
    { aggregation: 'clipped-mean', policy: { updatesPerRound: 2, cohorts: 8 } },
    { aggregation: 'clipped-mean', robust: { bucket: 2 } },
    { aggregation: 'fltrust', root: { parts: 1 } },
  ] as const)('but %j is not', spec => {
    expect(whyRefused(spec)).toBeNull();
  });
});

it('a rule that compares more updates of a large network than one call can read is refused', () => {
  const [segment, ...others] = smallModel.segments;
  if (!segment) throw new Error('a model without segments');
  const tensors = [{ name: 'kernel', shape: [250_000] }];
  const large = { ...smallModel, segments: [{ ...segment, tensors }, ...others] };
  const whyOf = (updatesPerRound: number, aggregation: 'median' | 'clipped-mean'): string | undefined => {
    const spec = smallSpec({ aggregation, plan: { name: 'conventional' }, policy: { updatesPerRound } });
    const checked = checkAggregation(spec, large);
    return checked.ok ? undefined : checked.detail;
  };
  expect(whyOf(432, 'median')).toBe(
    'median compares 431 updates of a role at most, of a network as large as this one, and a round of 432 updates for 1 role wants 432 of each: let a round take 431 updates or less, or choose clipped-mean without buckets',
  );
  expect(whyOf(431, 'median')).toBeUndefined();
  expect(whyOf(500, 'clipped-mean')).toBeUndefined();
});
