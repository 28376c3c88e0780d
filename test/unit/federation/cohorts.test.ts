import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import { roleFold } from '../../../shared/federation/round/fold-order.ts';
import { cohortsLeased } from '../../../shared/federation/round/leased-cohorts.ts';
import { updatesWanted } from '../../../shared/federation/round/updates-wanted.ts';
import { cohortOfVolunteer, cohortsOf, countCohorts } from '../../../shared/protocol/cohorts.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { conventional, SmallRun } from './small-run.ts';

const open = (volunteers: number, policy: RunSpecInput['policy']): SmallRun =>
  SmallRun.open(volunteers, { plan: conventional, policy: { evaluators: 'referees', ...policy } });

const asked = (run: SmallRun): readonly number[] => roleFold(run.config, run.state, 'whole').cohorts;

describe('[ROUND9] the cohort of a volunteer', () => {
  it.each([
    ['auto', [0, 499, 500, 999, 1_000, 31_999, 32_000], [0, 0, 1, 1, 2, 63, 0]],
    [1, [0, 1, 700], [0, 0, 0]],
    [3, [0, 1, 2, 3, 700], [0, 1, 2, 0, 1]],
  ] as const)('follows from its index alone, if the setting is %s', (cohorts, indexes, numbers) => {
    expect(indexes.map(index => cohortOfVolunteer(cohorts, index))).toEqual(numbers);
  });

  it.each([
    ['auto', [0, 1, 500, 501, 20_000, 100_000], [1, 1, 1, 2, 40, 64]],
    [3, [0, 1, 2, 3, 700], [1, 1, 2, 3, 3]],
  ] as const)('is one of as many as there are, if the setting is %s', (cohorts, joined, counts) => {
    expect(joined.map(count => countCohorts(cohorts, count))).toEqual(counts);
    for (const count of joined.filter(one => one > 0))
      expect(cohortOfVolunteer(cohorts, count - 1)).toBeLessThan(countCohorts(cohorts, count));
  });

  it('is named by the claims of each of its leases', () => {
    const run = open(3, { cohorts: 2, updatesPerRound: 3 });
    const grants = [0, 1, 2].map(i => run.ask(`volunteer${i}`));
    expect(grants.map(reply => reply.type === 'lease' && claimsOf('run', reply, 1).cohort)).toEqual([
      0, 1, 0,
    ]);
  });
});

describe('[ROUND9] the cohorts that are asked to close a round', () => {
  it('are those that were leased the role in it, and cohort 0', () => {
    const run = open(4, { cohorts: 4, updatesPerRound: 2, rounds: 'synchronous' });
    run.accept(run.lease('volunteer2'));
    run.accept(run.lease('volunteer3'));
    expect(run.state.round.status).toBe('folding');
    expect(asked(run)).toEqual([0, 2, 3]);
    run.fold('whole');
    run.accept(run.lease('volunteer0'));
    run.accept(run.lease('volunteer2'));
    expect(asked(run)).toEqual([0, 2]);
    expect(cohortsLeased(run.state.leasedCohorts, 'whole')).toEqual([0, 2, 3]);
  });

  it('are those too whose leases are so old that an update is just not too late', () => {
    const run = open(4, { cohorts: 4, updatesPerRound: 2, maxStaleness: 2 });
    const late = run.lease('volunteer3');
    const rounds = [1, 2, 3, 4].map(() => {
      run.accept(run.lease('volunteer0'));
      run.accept(run.lease('volunteer1'));
      expect(run.state.round.status).toBe('folding');
      const cohorts = asked(run);
      run.fold('whole');
      return cohorts;
    });
    expect(late.round).toBe(1);
    expect(rounds).toEqual([
      [0, 1, 3],
      [0, 1, 3],
      [0, 1, 3],
      [0, 1],
    ]);
  });

  it('are no more than one of a run that has one, and its state notes none', () => {
    const run = open(3, { updatesPerRound: 2 });
    run.accept(run.lease('volunteer0'));
    run.accept(run.lease('volunteer2'));
    expect(asked(run)).toEqual([0]);
    expect('leasedCohorts' in run.state).toBe(false);
  });
});

it('[ROUND9] each cohort tells at once of its share of what a round waits for', () => {
  const run = open(20, { cohorts: 3, updatesPerRound: 20 });
  const leases = Array.from({ length: 20 }, (_, i) => run.lease(`volunteer${i}`));
  expect(updatesWanted(run.state, 'whole')).toBe(7);
  for (const lease of leases.slice(0, 11)) run.accept(lease);
  expect(updatesWanted(run.state, 'whole')).toBe(3);
});

it('[ROUND9] a role has one cohort if the rule needs all updates in one place', () => {
  const of = (aggregation: 'mean' | 'clipped-mean' | 'median' | 'multi-krum', bucket: number) =>
    cohortsOf({ aggregation, robust: { bucket }, policy: { cohorts: 'auto' } });
  expect([
    of('mean', 1),
    of('clipped-mean', 1),
    of('clipped-mean', 2),
    of('median', 1),
    of('multi-krum', 1),
  ]).toEqual(['auto', 'auto', 1, 1, 1]);
});
