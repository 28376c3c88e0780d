import { describe, expect, it } from 'vitest';
import { goalsOf } from '../../../shared/federation/round/round-state.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { anyDevice, SmallRun } from './small-run.ts';

const strong = anyDevice;
/** Fits the student of the small model, not the whole network. */
const weak = { ...anyDevice, memoryMB: 0.012 };

/** A run by depth: volunteers `weak0`, `weak1`, … and `strong0`, … in this order. */
function byDepth(weakOnes: number, strongOnes: number, change: Partial<RunSpecInput> = {}): SmallRun {
  const run = SmallRun.open(0, { plan: { name: 'depth-federated' }, ...change });
  for (let i = 0; i < weakOnes; i++) run.join(`weak${i}`, weak);
  for (let i = 0; i < strongOnes; i++) run.join(`strong${i}`, strong);
  return run;
}

describe('a plan that fits its tasks to devices', () => {
  it('[LEASE6] gives a device the heaviest task that fits it, in every round', () => {
    const run = byDepth(2, 2);
    for (const volunteer of ['weak0', 'weak1']) expect(run.lease(volunteer).role).toBe('student');
    for (const volunteer of ['strong0', 'strong1']) expect(run.lease(volunteer).role).toBe('whole');
  });

  it('[ROUND1] wants as many updates of a role as there are devices for it', () => {
    const run = byDepth(3, 1);
    run.lease('strong0');
    expect(goalsOf(run.state.round)).toEqual({ student: 3, whole: 1 });
  });

  it('[ROUND1] wants nothing of a role that no device is for', () => {
    const allWeak = byDepth(3, 0);
    allWeak.lease('weak0');
    expect(goalsOf(allWeak.state.round)).toEqual({ student: 3, whole: 0 });
    const allStrong = byDepth(0, 3);
    allStrong.lease('strong0');
    expect(goalsOf(allStrong.state.round)).toEqual({ student: 0, whole: 3 });
  });

  it('[LEASE4] takes one update of a volunteer in a round, whatever the role', () => {
    const run = byDepth(2, 1);
    run.accept(run.lease('strong0'));
    expect(run.lease('strong0').role).toBe('evaluator');
    run.accept(run.lease('weak0'));
    run.accept(run.lease('weak1'));
    expect(run.state.round.status).toBe('folding');
  });

  it('[ROUND4] opens the round again for weak devices if the strong one that opened it alone is gone', () => {
    const run = byDepth(0, 1, { policy: { leaseMs: 60_000, roundMs: 3_600_000 } });
    run.lease('strong0');
    run.join('weak0', weak);
    expect(run.ask('weak0').type).toBe('wait');
    for (const seconds of [60, 2, 2]) expect(run.at(1_000 * seconds).ask('weak0').type).toBe('wait');
    expect(run.last('round-extended')).toEqual({ type: 'round-extended', round: 1 });
    expect(run.ask('weak0')).toMatchObject({ type: 'lease', lease: { role: 'student', round: 1 } });
    expect(goalsOf(run.state.round)).toEqual({ student: 1, whole: 0 });
  });

  it('[LEASE14] keeps the places of the lighter task for those whom the heavy one does not fit', () => {
    const run = byDepth(1, 1, { policy: { overIssue: 1 } });
    run.lease('strong0');
    run.join('late', strong);
    expect(run.ask('late').type).toBe('wait');
    expect(run.lease('weak0').role).toBe('student');
  });

  it('[LEASE6] offers the lighter task if the heavy one has no place and nobody else needs it', () => {
    const run = byDepth(1, 1, { policy: { overIssue: 2 } });
    run.lease('weak0');
    run.lease('strong0');
    expect(run.lease('strong0').role).toBe('whole');
    for (const name of ['late0', 'late1', 'late2']) run.join(name, strong);
    expect(['late0', 'late1'].map(name => run.lease(name).role)).toEqual(['whole', 'student']);
  });
});

describe('parts for volunteers', () => {
  const own = { training: { partsFor: 'volunteer' as const } };

  it('[LEASE7] gives each volunteer its own parts in every round, and no others', () => {
    const run = SmallRun.open(3, { ...own, plan: { name: 'conventional' }, policy: { updatesPerRound: 3 } });
    for (let round = 1; round <= 2; round++) {
      const leases = [0, 1, 2].map(i => run.lease(`volunteer${i}`));
      expect(leases.map(({ parts }) => parts)).toEqual([[0], [1], [2]]);
      for (const lease of leases) run.accept(lease);
      run.fold('whole');
    }
  });

  it('[ROOT1] gives nobody a part that is held back as its own', () => {
    const run = SmallRun.open(4, {
      ...{ ...own, root: { parts: 1 }, plan: { name: 'conventional' }, policy: { updatesPerRound: 4 } },
    });
    const parts = [0, 1, 2, 3].map(i => run.lease(`volunteer${i}`).parts);
    expect(parts).toEqual([[0], [1], [2], [0]]);
  });

  it('[LEASE7] counts on from the first part after the last one', () => {
    const run = SmallRun.open(6, {
      training: { partsFor: 'volunteer', partsPerLease: 2 },
      plan: { name: 'conventional' },
      policy: { updatesPerRound: 6 },
    });
    const parts = [0, 1, 2, 3].map(i => run.lease(`volunteer${i}`).parts);
    expect(parts).toEqual([
      [0, 1],
      [2, 3],
      [0, 1],
      [2, 3],
    ]);
  });
});
