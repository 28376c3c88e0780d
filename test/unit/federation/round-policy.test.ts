import { describe, expect, it } from 'vitest';
import type { LeasedRole } from '../../../shared/federation/round/round-alike.ts';
import { bufferedRounds, synchronousRounds } from '../../../shared/federation/round/round-policy.ts';
import type { ExtendedRound, OpenRound } from '../../../shared/federation/round/round-state.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { sliceableModel } from '../../support/sliceable-model.ts';
import { conventional, smallConfig, smallModel, smallSpec, threeSegments } from './small-run.ts';

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

const closes = (round: OpenRound | ExtendedRound, now: number, idleMs: number, minUpdates = 1) =>
  synchronousRounds.closes(smallSpec({ policy: { minUpdates } }), round, now, idleMs);

describe('synchronous rounds', () => {
  it('[ROUND1] share what is wanted evenly among the roles, each at least one', () => {
    const spec = smallSpec({ policy: { updatesPerRound: 5, roundMs: 2_000, rounds: 'synchronous' } });
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
    expect(closes(round, now, 0)).toBe(verdict);
  });

  it('[ROUND4] close after three idle seconds, if any update is there', () => {
    const served = { ...open, served: some };
    expect(closes(served, 0, 2_999)).toBeNull();
    expect(closes(served, 0, 3_000)).toBe('close');
    expect(closes(open, 0, 60_000)).toBeNull();
  });

  it('[ROUND4] are extended after three idle seconds without an update, if some role was shut', () => {
    const shut = { ...open, goals: { student: 0, teacher: 1 } };
    expect(closes(shut, 0, 2_999)).toBeNull();
    expect(closes(shut, 0, 3_000)).toBe('extend');
    expect(closes({ ...extended, goals: shut.goals }, 0, 60_000)).toBeNull();
  });

  it('[ROUND6] take updates of rounds that are not closed, whole, and no others', () => {
    const config = smallConfig({ rounds: 9, policy: { rounds: 'synchronous' } });
    const countsIn = (round: number, first: number) =>
      synchronousRounds.countsIn(config, { role: 'teacher', round }, first);
    expect([countsIn(3, 3), countsIn(4, 3), countsIn(3, 4), countsIn(2, 4)]).toEqual([3, 4, null, null]);
    expect(synchronousRounds.weight(40, 0)).toBe(40);
  });

  it('[LEASE3] [ACC1] end their leases with them, and take nothing after a deadline', () => {
    expect(synchronousRounds.leasesEndAt(open)).toBe(1_000);
    expect([1_000, 1_001].map(now => synchronousRounds.isLate(1_000, now))).toEqual([false, true]);
  });
});

describe('both policies', () => {
  it.each([
    [{ teacher: ['a'] }, 1, 'close'],
    [{ teacher: ['a'] }, 2, 'extend'],
    [{ teacher: ['a', 'b'] }, 2, 'close'],
    [{ student: ['a'] }, 2, 'close'],
    [{ student: ['a'], teacher: ['a'] }, 2, 'extend'],
    [{}, 1, 'extend'],
  ] as const)('[ROUND3] at the deadline %o with at least %i updates a role: %s', (served, least, verdict) => {
    expect(closes({ ...open, served }, 1_000, 0, least)).toBe(verdict);
    const isEnough = verdict === 'close';
    expect(closes({ ...extended, served }, 9_999, 0, least)).toBe(isEnough ? 'close' : null);
    expect(closes({ ...open, served }, 0, 3_000, least), 'idle').toBe(
      Object.keys(served).length > 0 ? 'close' : null,
    );
  });

  it('[ROUND2] count late updates like others', () => {
    const late = { teacher: [{ volunteer: 'a', round: 2 }] };
    const served = { student: ['a'], teacher: ['a'] };
    expect(closes({ ...open, served, late }, 0, 0)).toBe('close');
    expect(closes({ ...open, served }, 0, 0)).toBeNull();
  });
});

describe('buffered rounds', () => {
  const countsIn = (
    change: Partial<RunSpecInput>,
    lease: LeasedRole,
    first: number,
    model: ModelOutline = smallModel,
  ): number | null => bufferedRounds.countsIn(smallConfig({ rounds: 20, ...change }, model), lease, first);

  it('[ROUND6] take an update in the first round that is not closed, up to maxStaleness after its own', () => {
    const lease = { role: 'whole', round: 3 } as const;
    const at = (first: number, maxStaleness = 4) =>
      countsIn({ plan: conventional, policy: { maxStaleness } }, lease, first);
    expect([1, 3, 4, 7, 8].map(first => at(first))).toEqual([3, 3, 4, 7, null]);
    expect([3, 4].map(first => at(first, 0))).toEqual([3, null]);
    expect(countsIn({ plan: conventional, rounds: 4 }, lease, 5), 'after the last round').toBeNull();
  });

  it('[ROUND6] if roles take turns, count when it is the turn of the role again', () => {
    const plan = { name: 'layer-to-layer', turns: 'alternate', freezeAt: 1 } as const;
    const [task] = planTasks(smallSpec({ plan, rounds: 20 }), smallModel, 1);
    if (!task) throw new Error('round 1 has a task');
    const policy = { maxStaleness: 4 };
    const at = (first: number) => countsIn({ plan, policy }, { role: task.role, round: 1 }, first);
    expect([1, 2, 3, 4, 5, 6].map(at)).toEqual([1, 3, 3, 5, 5, null]);
  });

  it('[ROUND6] take none of a role that trains something else from then on, or nothing', () => {
    const grows = { name: 'growing-together', growAt: 0.5, freezeAt: 0.7 } as const;
    const inRound = (number: number) =>
      planTasks(smallSpec({ plan: grows, rounds: 20 }), threeSegments, number).map(({ role }) => role);
    const kinds = Array.from({ length: 20 }, (_, i) => inRound(i + 1).join());
    const last = kinds.lastIndexOf(kinds[0] ?? '') + 1;
    const [role = 'student'] = inRound(last);
    expect(countsIn({ plan: grows }, { role, round: last - 1 }, last, threeSegments)).toBe(last);
    expect(countsIn({ plan: grows }, { role, round: last }, last + 1, threeSegments)).toBeNull();
  });

  it('[ROUND6] take an update of a slice only in a round of the same slice', () => {
    const { outline } = sliceableModel([40, 40], [1, 1]);
    const roleOf = (change: Partial<RunSpecInput>) =>
      planTasks(smallSpec({ rounds: 20, ...change }), outline, 1)[0]?.role ?? 'whole';
    const nested = { plan: { name: 'sub-networks' as const } };
    expect(countsIn(nested, { role: roleOf(nested), round: 1 }, 2, outline)).toBe(2);
    const drawn = { plan: { name: 'sub-networks' as const, slicing: 'disjoint' as const } };
    expect(countsIn(drawn, { role: roleOf(drawn), round: 1 }, 2, outline)).toBeNull();
  });

  it('[ROUND6] plan a round once, however many late updates are asked about', () => {
    let asked = 0;
    const { outline } = sliceableModel([40, 40], [1, 1]);
    const model = new Proxy(outline, {
      get: (target, name) => {
        asked += 1;
        return Reflect.get(target, name);
      },
    });
    const drawn = { plan: { name: 'sub-networks' as const, slicing: 'disjoint' as const } };
    const config = smallConfig({ rounds: 200, policy: { maxStaleness: 100 }, ...drawn }, model);
    const role = planTasks(config.spec, outline, 10)[0]?.role ?? 'whole';
    // No other round has this share of the channels, so all of them are looked at.
    const at = (first: number) => bufferedRounds.countsIn(config, { role, round: 10 }, first);
    expect(at(11)).toBeNull();
    const before = asked;
    expect(before).toBeGreaterThan(0);
    expect(Array.from({ length: 50 }, (_, i) => at(i + 11)).filter(round => round !== null)).toEqual([]);
    expect(asked).toBe(before);
  });

  it('[ROUND7] weigh by examples over the root of 1 + staleness', () => {
    expect([0, 1, 3].map(staleness => bufferedRounds.weight(40, staleness))).toEqual([
      40,
      40 / Math.SQRT2,
      20,
    ]);
  });

  it('[LEASE3] [ACC1] end no lease, and take an update after its deadline', () => {
    expect(bufferedRounds.leasesEndAt(open)).toBe(Number.POSITIVE_INFINITY);
    expect(bufferedRounds.isLate(1_000, 9_999)).toBe(false);
  });
});
