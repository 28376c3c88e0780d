import { describe, expect, it } from 'vitest';
import { pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import { goalsOf } from '../../../shared/federation/round/round-state.ts';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import { anyDevice, conventional, SmallRun } from './small-run.ts';

describe('a round', () => {
  it('[ROUND1] opens with its first training lease, its goals shared among the roles', () => {
    const run = SmallRun.open(4, { policy: { updatesPerRound: 100 } });
    expect(run.has('round-opened')).toBe(false);
    run.lease('volunteer0');
    expect(run.last('round-opened')).toEqual({
      type: 'round-opened',
      round: 1,
      goals: { student: 2, teacher: 2 },
    });
    expect(run.state.round).toMatchObject({ deadlineAt: run.now + run.config.spec.policy.roundMs });
  });

  it.each([
    ['synchronous', 5, 100, { student: 2, teacher: 2 }],
    ['buffered', 5, 100, { student: 2, teacher: 3 }],
    ['buffered', 3, 100, { student: 1, teacher: 2 }],
    ['buffered', 5, 2, { student: 1, teacher: 1 }],
    ['buffered', 1, 100, { student: 1, teacher: 1 }],
    ['buffered', 5, 1, { student: 1, teacher: 1 }],
  ] as const)(
    '[ROUND1] in %s rounds %i volunteers and %i updates wanted make the goals %o',
    (rounds, volunteers, updatesPerRound, goals) => {
      const run = SmallRun.open(volunteers, { policy: { rounds, updatesPerRound } });
      run.lease('volunteer0');
      expect(goalsOf(run.state.round)).toEqual(goals);
    },
  );

  it('[ROUND1] counts a volunteer at work through a long lease, but not one who vanished', () => {
    const run = SmallRun.open(3, { plan: conventional, policy: { updatesPerRound: 2, leaseMs: 120_000 } });
    run.at(30_000);
    const leases = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.at(90_000);
    for (const lease of leases) run.accept(lease);
    run.fold('whole');
    run.lease('volunteer0');
    expect(goalsOf(run.state.round)).toEqual({ whole: 2 });
    run.at(120_000).alarm();
    run.at(60_000).alarm();
    expect(run.state.round.status).toBe('extended');
    run.lease('volunteer0');
    expect(goalsOf(run.state.round)).toEqual({ whole: 1 });
  });

  it('[ROUND1] a volunteer is heard of whenever it asks, whatever it is given', () => {
    const run = SmallRun.open(2, { plan: conventional });
    run.at(30_000).lease('volunteer0');
    expect(run.state.presence.seenAt('volunteer0')).toBe(run.now);
    run.at(1_000).lease('volunteer1');
    expect(run.state.presence.seenAt('volunteer1')).toBe(run.now);
  });

  it('[ROUND2] closes when all goals are met, not before', () => {
    const run = SmallRun.open(2);
    const [teacher, student] = [run.lease('volunteer0'), run.lease('volunteer1')];
    run.accept(teacher);
    expect(run.state.round.status).toBe('open');
    run.accept(student);
    expect(run.state.round.status).toBe('folding');
    expect(pendingFolds(run.config, run.state).toSorted()).toEqual(['student', 'teacher']);
  });

  it('[ROUND3] closes at its deadline with what is there', () => {
    const run = SmallRun.open(2);
    run.accept(run.lease('volunteer0'));
    run.at(run.config.spec.policy.roundMs - 1).alarm();
    expect(run.state.round.status).toBe('open');
    run.at(1).alarm();
    expect(run.state.round.status).toBe('folding');
  });

  it('[ROUND3] is extended without a deadline if nothing is there, and opened again by the next lease', () => {
    const run = SmallRun.open(2, { plan: conventional });
    run.lease('volunteer0');
    run.at(run.config.spec.policy.roundMs).alarm();
    expect(run.last('round-extended')).toEqual({ type: 'round-extended', round: 1 });
    expect(nextAlarm(run.state)).toBe(null);
    run.at(10_000).lease('volunteer1');
    expect(run.state.round).toMatchObject({
      status: 'open',
      number: 1,
      deadlineAt: run.now + run.config.spec.policy.roundMs,
    });
    expect(run.events.filter(event => event.type === 'round-opened')).toHaveLength(2);
  });

  it('[ROUND3] leases nothing after its deadline, though the alarm is late', () => {
    const run = SmallRun.open(2, { plan: conventional });
    run.accept(run.lease('volunteer0'));
    run.at(run.config.spec.policy.roundMs);
    expect(run.ask('volunteer1')).toMatchObject({ type: 'wait', reason: 'a version is being published' });
  });

  it('[ROUND3] with nothing there is opened again by a volunteer who asks before a late alarm', () => {
    const run = SmallRun.open(2, { plan: conventional });
    run.lease('volunteer0');
    const { leaseMs, roundMs } = run.config.spec.policy;
    run.at(roundMs + 1);
    expect(run.lease('volunteer1').deadlineAt).toBe(run.now + leaseMs);
    expect(run.state.round).toMatchObject({ deadlineAt: run.now + roundMs });
  });

  it('[ROUND3] leases nothing of an extended round that has all that those who are left want', () => {
    const policy = { updatesPerRound: 4, minUpdates: 4, evaluators: 'referees' } as const;
    const run = SmallRun.open(4, { plan: conventional, policy });
    run.accept(run.lease('volunteer0'));
    run.step({ type: 'presence', here: [], gone: ['volunteer0', 'volunteer1', 'volunteer2'] });
    run.at(run.config.spec.policy.roundMs).alarm();
    expect(run.state.round.status).toBe('extended');
    expect(run.ask('volunteer3').type).toBe('wait');
    run.at(3_000).ask('volunteer3');
    expect(run.state.round.status).toBe('folding');
    expect(run.events.filter(event => event.type === 'lease-granted')).toHaveLength(1);
  });

  it('[ROUND3] an extension is told once, however often the alarm rings', () => {
    const run = SmallRun.open(1);
    run.lease('volunteer0');
    run.at(run.config.spec.policy.roundMs).alarm();
    run.at(run.config.spec.policy.roundMs).alarm();
    expect(run.events.filter(event => event.type === 'round-extended')).toHaveLength(1);
  });

  it('[ROUND4] closes short of its goals when nobody is at work for three seconds and whoever asks can do no more', () => {
    const run = idle();
    run.ask('volunteer0');
    run.at(2_999).ask('volunteer0');
    expect(run.state.round.status).toBe('open');
    run.at(1).ask('volunteer0');
    expect(run.state.round).toMatchObject({ status: 'folding', goals: { whole: 3 } });
  });

  it('[ROUND4] waits for a lease that is out, and three seconds more after it', () => {
    const run = idle();
    run.ask('volunteer0');
    const lease = run.at(2_000).lease('volunteer1');
    run.at(1_000).ask('volunteer0');
    run.at(4_000).ask('volunteer0');
    expect(run.state.round.status).toBe('open');
    run.accept(lease);
    run.ask('volunteer0');
    run.at(2_999).ask('volunteer0');
    expect(run.state.round.status).toBe('open');
    run.at(1).ask('volunteer0');
    expect(run.state.round.status).toBe('folding');
  });

  it('[ROUND4] does not wait for a role that nobody here can serve', () => {
    const run = SmallRun.open(0);
    run.join('feeble', { ...anyDevice, memoryMB: 0.012 });
    const lease = run.lease('feeble');
    expect(lease.role).toBe('student');
    run.accept(lease);
    expect(run.ask('feeble')).toMatchObject({
      type: 'wait',
      reason: 'no task that is left in this round fits this device',
    });
    expect(run.state.round.status).toBe('open');
    run.at(3_000).ask('feeble');
    expect(run.state.round.status).toBe('folding');
  });

  it('[ROUND4] waits if no role has an update', () => {
    const run = SmallRun.open(0);
    run.join('feeble', { ...anyDevice, memoryMB: 0.012 });
    run.lease('feeble');
    run.join('feebler', { ...anyDevice, memoryMB: 0.001 });
    for (let i = 0; i < 5; i++) expect(run.at(2_000).ask('feebler').type).toBe('wait');
    expect(run.state.round.status).toBe('open');
  });

  it('[ROUND4] [RUN4] is not idle because of a pause', () => {
    const run = idle();
    run.control('pause');
    for (let i = 0; i < 5; i++) expect(run.at(2_000).ask('volunteer1').type).toBe('wait');
    expect(run.state.round.status).toBe('open');
  });

  it('[ROUND5] leases no training while it is published', () => {
    const run = SmallRun.open(1, { plan: conventional, policy: { evaluators: 'referees' } });
    run.accept(run.lease('volunteer0'));
    expect(run.ask('volunteer0')).toMatchObject({ type: 'wait', reason: 'a version is being published' });
  });
});

/** One of three has served. Nobody holds a lease, and only referees may evaluate. */
function idle(): SmallRun {
  const run = SmallRun.open(3, { plan: conventional, policy: { evaluators: 'referees' } });
  run.accept(run.lease('volunteer0'));
  return run;
}
