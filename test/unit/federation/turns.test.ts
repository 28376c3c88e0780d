import { describe, expect, it } from 'vitest';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { SmallRun, threeSegments } from './small-run.ts';

describe('a role is offered', () => {
  it('[LEASE6] volunteer i is student when i + r is even, and they swap every round', () => {
    const run = SmallRun.open(2, { policy: { evaluators: 'referees' } });
    const seen: Role[][] = [];
    for (let round = 1; round <= 2; round++) {
      const leases = [run.lease('volunteer0'), run.lease('volunteer1')];
      seen.push(leases.map(lease => lease.role));
      for (const lease of leases) run.accept(lease);
      run.fold('student');
      run.fold('teacher');
    }
    expect(seen).toEqual([
      ['teacher', 'student'],
      ['student', 'teacher'],
    ]);
  });

  it('[LEASE6] of three segments is of all three roles in turn', () => {
    const run = SmallRun.open(3, { rounds: 9, policy: { evaluators: 'referees' } }, threeSegments);
    const seen: Role[][] = [];
    for (let round = 1; round <= 3; round++) {
      const leases = [0, 1, 2].map(i => run.lease(`volunteer${i}`));
      seen.push(leases.map(lease => lease.role));
      for (const lease of leases) run.accept(lease);
      for (const { role } of leases) run.fold(role);
    }
    expect(seen).toEqual([
      ['segment-2', 'teacher', 'student'],
      ['teacher', 'student', 'segment-2'],
      ['student', 'segment-2', 'teacher'],
    ]);
  });

  it('[LEASE6] serves the other role if its own is full', () => {
    const run = SmallRun.open(3, { policy: { updatesPerRound: 2, overIssue: 1 } });
    expect(run.lease('volunteer0').role).toBe('teacher');
    expect(run.lease('volunteer2').role).toBe('student');
    expect(run.ask('volunteer1').type).toBe('wait');
  });

  it('[LEASE7] each role passes over all the data, and begins again', () => {
    const run = SmallRun.open(6, { training: { partsPerLease: 3 }, policy: { updatesPerRound: 6 } });
    const parts = [0, 2, 4].map(i => run.lease(`volunteer${i}`).parts);
    expect(parts).toEqual([
      [0, 1, 2],
      [3, 0, 1],
      [2, 3, 0],
    ]);
    expect(run.lease('volunteer1').parts).toEqual([0, 1, 2]);
  });

  it('[ROOT1] passes over the parts that are not held back, and begins again', () => {
    const run = SmallRun.open(6, {
      root: { parts: 1 },
      training: { partsPerLease: 2 },
      policy: { updatesPerRound: 6 },
    });
    const parts = [0, 2, 4].map(i => run.lease(`volunteer${i}`).parts);
    expect(parts).toEqual([
      [0, 1],
      [2, 0],
      [1, 2],
    ]);
  });

  it('[LEASE7] holds no part twice if there are fewer than a lease wants', () => {
    const run = SmallRun.open(1, { training: { partsPerLease: 64 } });
    expect(run.lease('volunteer0').parts).toEqual([0, 1, 2, 3]);
  });
});
