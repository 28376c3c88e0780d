import { describe, expect, it } from 'vitest';
import { synchronousRounds } from '../../../shared/federation/round/round-policy.ts';
import type { OpenRound } from '../../../shared/federation/round/round-state.ts';
import { smallSpec } from './small-run.ts';

const open: OpenRound = {
  status: 'open',
  number: 3,
  goals: { student: 1, teacher: 2 },
  served: {},
  idleSince: null,
  deadlineAt: 1_000,
};
const met = { student: ['a'], teacher: ['a', 'b'] };
const some = { teacher: ['a'] };
const { deadlineAt: _, ...withoutDeadline } = open;
const extended = { ...withoutDeadline, status: 'extended' as const };

describe('synchronous rounds', () => {
  it('[ROUND1] share what is wanted evenly among the roles, each at least one', () => {
    const spec = smallSpec({ policy: { updatesPerRound: 5, roundMs: 2_000 } });
    const opened = synchronousRounds.opens(
      spec,
      { roles: ['student', 'teacher'], count: 9, byRole: null },
      100,
    );
    expect(opened).toEqual({ goals: { student: 2, teacher: 2 }, deadlineAt: 2_100 });
    const alone = { roles: ['whole' as const], count: 0, byRole: null };
    expect(synchronousRounds.opens(spec, alone, 100).goals).toEqual({ whole: 1 });
  });

  it.each([
    ['half and half', { student: 4, whole: 4 }, 8, { student: 4, whole: 4 }],
    ['as the crowd is', { student: 30, whole: 10 }, 8, { student: 6, whole: 2 }],
    [
      'the rest to the heaviest',
      { student: 5, 'depth-2': 5, whole: 5 },
      8,
      { student: 2, 'depth-2': 3, whole: 3 },
    ],
    ['one at least', { student: 99, whole: 1 }, 4, { student: 3, whole: 1 }],
    [
      'nothing of a role that nobody is given',
      { student: 3, 'depth-2': 0, whole: 0 },
      8,
      { student: 3, 'depth-2': 0, whole: 0 },
    ],
  ] as const)('[ROUND1] share by device: %s', (_what, byRole, updatesPerRound, goals) => {
    const spec = smallSpec({ policy: { updatesPerRound } });
    const count = Object.values<number>(byRole).reduce((sum, each) => sum + each, 0);
    expect(synchronousRounds.opens(spec, { roles: [], count, byRole }, 100).goals).toEqual(goals);
  });

  it.each([
    ['goes on', open, 999, null],
    ['goes on', { ...open, served: some }, 999, null],
    ['closes', { ...open, served: met }, 0, 'close'],
    ['closes', { ...open, served: some }, 1_000, 'close'],
    ['is extended', open, 1_000, 'extend'],
    ['goes on', extended, 9_999, null],
    ['closes', { ...extended, served: some }, 0, 'close'],
  ] as const)('[ROUND2] [ROUND3] a round %s: %o at %i', (_what, round, now, verdict) => {
    expect(synchronousRounds.closes(round, now, 0)).toBe(verdict);
  });

  it('[ROUND4] close after three idle seconds, if any update is there', () => {
    const served = { ...open, served: some };
    expect(synchronousRounds.closes(served, 0, 2_999)).toBeNull();
    expect(synchronousRounds.closes(served, 0, 3_000)).toBe('close');
    expect(synchronousRounds.closes(open, 0, 60_000)).toBeNull();
  });

  it('[ROUND4] are extended after three idle seconds without an update, if some role was shut', () => {
    const shut = { ...open, goals: { student: 0, teacher: 1 } };
    expect(synchronousRounds.closes(shut, 0, 2_999)).toBeNull();
    expect(synchronousRounds.closes(shut, 0, 3_000)).toBe('extend');
    expect(synchronousRounds.closes({ ...extended, goals: shut.goals }, 0, 60_000)).toBeNull();
  });

  it('[ACC1] take updates of rounds that are not closed, whole, and refuse the others as stale', () => {
    expect(synchronousRounds.accepts({ round: 3, closedRound: 2 }).ok).toBe(true);
    expect(synchronousRounds.accepts({ round: 3, closedRound: 3 })).toMatchObject({ reason: 'stale' });
    expect(synchronousRounds.accepts({ round: 2, closedRound: 3 })).toMatchObject({ reason: 'stale' });
    expect(synchronousRounds.weight(40, { round: 3, closedRound: 2 })).toBe(40);
  });
});
