import { describe, expect, it } from 'vitest';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import type { Device } from '../../../shared/protocol/messages.ts';
import { anyDevice, conventional, SmallRun } from './small-run.ts';

const LEASE_MS = 120_000;
const referees = { evaluators: 'referees', overIssue: 1 } as const;
const quiet = { plan: conventional, rounds: 99, policy: { ...referees, updatesPerRound: 10 } };

/** Its next lease, after which of its grant it is overdue; null if it never is before its deadline. */
function patienceOf(run: SmallRun, volunteer: string): number | null {
  const { timing } = run.lease(volunteer);
  return timing?.overdueAt == null ? null : timing.overdueAt - run.now;
}

/** Each of them returns one update after so many ms, and the next round begins. */
function playRound(run: SmallRun, msByVolunteer: Readonly<Record<string, number>>): void {
  const begin = run.now;
  const leases = Object.entries(msByVolunteer).map(([id, ms]) => ({ lease: run.lease(id), ms }));
  for (const { lease, ms } of leases.toSorted((a, b) => a.ms - b.ms)) {
    run.now = begin + ms;
    run.accept(lease);
  }
  if (run.state.round.status !== 'folding') run.at(run.config.spec.policy.roundMs).alarm();
  run.fold('whole');
}

describe('[LEASE17] a lease', () => {
  it('is overdue after one and a half times what its holder took', () => {
    const run = SmallRun.open(1, quiet);
    expect(patienceOf(run, 'volunteer0')).toBeNull();
    playRound(run, { volunteer0: 9_000 });
    expect(patienceOf(run, 'volunteer0')).toBe(13_500);
  });

  it('of which one was slept through is overdue by the middle one of three', () => {
    const run = SmallRun.open(1, quiet);
    for (const ms of [9_000, 8_000, 70_000]) playRound(run, { volunteer0: ms });
    expect(patienceOf(run, 'volunteer0')).toBe(13_500);
    // The last three count.
    for (const ms of [20_000, 20_000]) playRound(run, { volunteer0: ms });
    expect(patienceOf(run, 'volunteer0')).toBe(30_000);
  });

  it('is never overdue before `shortestLeaseMs`, nor after `leaseMs`', () => {
    const run = SmallRun.open(2, quiet);
    playRound(run, { volunteer0: 1, volunteer1: 100_000 });
    expect(patienceOf(run, 'volunteer0')).toBe(5_000);
    expect(patienceOf(run, 'volunteer1')).toBe(LEASE_MS);
    const short = SmallRun.open(1, { ...quiet, policy: { ...quiet.policy, leaseMs: 2_000 } });
    playRound(short, { volunteer0: 1 });
    expect(patienceOf(short, 'volunteer0')).toBe(2_000);
  });

  it('of a new device is timed by nine of ten like it', () => {
    const run = SmallRun.open(0, { ...quiet, policy: { ...referees, updatesPerRound: 20 } });
    const device = (macsPerSecond: number, backend = 'wasm'): Device => ({
      ...anyDevice,
      backend,
      macsPerSecond,
    });
    for (let i = 0; i < 10; i++) run.join(`quick${i}`, device(2 ** 20 + i));
    run.join('slow', device(2 ** 18));
    const times = Array.from({ length: 10 }, (_, i) => [`quick${i}`, 6_000 + 100 * i] as const);
    playRound(run, { ...Object.fromEntries(times), quick9: 100_000, slow: 30_000 });
    run.join('new', device(2 ** 21 - 1));
    run.join('newOnGpu', device(2 ** 20, 'webgpu'));
    run.join('untold');
    expect(patienceOf(run, 'new')).toBe(2 * 6_800);
    // Nobody is like these two, so all others count.
    expect(patienceOf(run, 'untold')).toBe(2 * 30_000);
    expect(patienceOf(run, 'newOnGpu')).toBe(5_000);
  });

  it('is timed by the told speed if nobody has returned anything', () => {
    const run = SmallRun.open(0, quiet);
    // Three passes of 1,400 multiply-accumulates over ten examples, in five seconds.
    run.join('told', { ...anyDevice, macsPerSecond: (3 * 1_400 * 10) / 5 });
    expect(patienceOf(run, 'told')).toBe(20_000);
  });

  it('that was granted before is timed once half of the round is there', () => {
    const run = SmallRun.open(0, quiet);
    // Of newcomers one is enough ([CROWD5]).
    for (let i = 0; i < 4; i++) run.join(`volunteer${i}`, undefined, true);
    const [first, second, third] = [0, 1, 2].map(i => run.lease(`volunteer${i}`)) as [
      LeaseState,
      LeaseState,
      LeaseState,
    ];
    const grantedAt = run.now;
    run.at(4_000).accept(first);
    expect(nextAlarm(run.state)).toBe(third.deadlineAt);
    run.at(2_000).accept(second);
    expect(nextAlarm(run.state)).toBe(grantedAt + 12_000);
    expect(patienceOf(run, 'volunteer3')).toBe(12_000);
  });

  it('of a role that nobody has returned is timed by the other roles', () => {
    const run = SmallRun.open(2, { policy: { updatesPerRound: 2, ...referees } });
    const [teacher, student] = [run.lease('volunteer0'), run.lease('volunteer1')];
    const share = (student.timing?.macs ?? 0) / (teacher.timing?.macs ?? 1);
    run.at(60_000).accept(teacher);
    expect(nextAlarm(run.state)).toBe(run.now - 60_000 + 120_000 * share);
  });

  it('beside another starts when that one has ended', () => {
    const run = SmallRun.open(1, { rounds: 99, policy: referees });
    for (let i = 0; i < 2; i++) {
      const lease = run.lease('volunteer0');
      run.at(10_000).accept(lease);
    }
    for (const role of ['student', 'teacher'] as const) run.fold(role);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0', first);
    // Two of fifteen seconds, one after the other.
    expect(second.timing).toMatchObject({ startedAt: null, overdueAt: run.now + 30_000 });
    run.at(3_000).accept(first);
    expect(run.state.leases.get(second.id)?.timing).toMatchObject({
      startedAt: run.now,
      overdueAt: run.now + 15_000,
    });
  });
});

/** A run of two, of whom one is known to take ten seconds and holds the only place. */
function heldUp(): { readonly run: SmallRun; readonly lease: LeaseState } {
  const run = SmallRun.open(2, { ...quiet, policy: { ...referees, updatesPerRound: 1 } });
  run.at(10_000);
  const first = run.lease('volunteer0');
  run.at(10_000).accept(first);
  run.fold('whole');
  return { run, lease: run.lease('volunteer0') };
}

describe('[LEASE18] a place', () => {
  it('is leased again once its lease is overdue, in the moment that the alarm is set to', () => {
    const { run, lease } = heldUp();
    expect(run.ask('volunteer1').type).toBe('wait');
    expect(nextAlarm(run.state)).toBe(run.now + 15_000);
    run.at(15_000).alarm();
    expect(run.events.slice(-1)).toEqual([
      { type: 'place-freed', lease: lease.id, volunteer: 'volunteer0', role: 'whole', why: 'overdue' },
    ]);
    expect(run.lease('volunteer1').role).toBe('whole');
    expect(nextAlarm(run.state)).toBeGreaterThan(run.now);
  });

  it('is leased again once its holder has gone', () => {
    const { run, lease } = heldUp();
    run.step({ type: 'presence', here: ['volunteer1'], gone: ['volunteer0'] });
    expect(run.last('place-freed')).toMatchObject({ lease: lease.id, why: 'gone' });
    run.step({ type: 'presence', here: [], gone: ['volunteer0'] });
    expect(run.events.filter(({ type }) => type === 'place-freed')).toHaveLength(1);
    expect(run.lease('volunteer1').role).toBe('whole');
  });

  it('was freed in vain if the update comes all the same: it counts', () => {
    const { run, lease } = heldUp();
    run.at(15_000).alarm();
    run.lease('volunteer1');
    run.at(1_000).accept(lease);
    expect(run.state.round).toMatchObject({ status: 'folding', served: { whole: ['volunteer0'] } });
  });

  it('is not leased to its holder a second time', () => {
    const { run, lease } = heldUp();
    run.at(15_000);
    expect(run.ask('volunteer0', lease).type).toBe('wait');
    expect(run.state.leases.get(lease.id)).toMatchObject({ isFreed: true });
  });

  it('of an evaluator ends its lease, and its parts are leased again', () => {
    const run = SmallRun.open(0, { policy: { evaluators: 'referees' } });
    for (const name of ['referee1', 'referee2']) run.join(name, { ...anyDevice, memoryMB: 0.001 }, true);
    const lease = run.lease('referee1');
    run.step({ type: 'presence', here: [], gone: ['referee1'] });
    expect(run.last('lease-ended')).toMatchObject({ lease: lease.id, why: 'the volunteer has gone' });
    run.lease('referee2');
    expect(run.lease('referee2').parts).toEqual(expect.arrayContaining([...lease.parts]));
    run.accept(lease);
    expect(run.state.evaluation).toMatchObject({ judgements: [] });
  });

  it('that is freed keeps no round from closing, and its holder raises no goal', () => {
    const run = SmallRun.open(2, quiet);
    const leases = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.at(6_000).accept(leases[0] as LeaseState);
    run.at(6_000).alarm();
    expect(run.last('place-freed')).toMatchObject({ volunteer: 'volunteer1' });
    run.ask('volunteer0');
    run.at(3_000).ask('volunteer0');
    expect(run.state.round.status).toBe('folding');
    run.fold('whole');
    run.lease('volunteer0');
    expect(run.last('round-opened')?.goals).toEqual({ whole: 1 });
  });
});
