import { describe, expect, it } from 'vitest';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import { anyDevice, conventional, SmallRun, smallModel } from './small-run.ts';

/** Fits 12,000 bytes: the student's task of the small model takes 8,324, the teacher's 14,960 (batch of 32). */
const weakDevice = { ...anyDevice, memoryMB: 0.012 };

describe('a lease', () => {
  it('[LEASE1] is for volunteers who joined', () => {
    const run = SmallRun.open(0);
    expect(run.refusal({ type: 'request-lease', volunteer: 'stranger', lease: 'lease1' })).toBe(
      'unauthorised',
    );
  });

  it('[LEASE1] waits until enough volunteers have joined, and says how many are there', () => {
    const run = SmallRun.open(1, { policy: { minVolunteers: 2 } });
    expect(run.ask('volunteer0')).toMatchObject({ type: 'wait', reason: 'waiting for volunteers: 1 of 2' });
    run.join('volunteer1');
    expect(run.ask('volunteer0').type).toBe('lease');
  });

  it.each(['draft', 'paused'] as const)('[RUN1] is not granted by a run that is %s', phase => {
    const run = phase === 'draft' ? new SmallRun() : SmallRun.open(0);
    run.join('volunteer0');
    if (phase === 'paused') run.control('pause');
    expect(run.ask('volunteer0')).toMatchObject({ type: 'wait', reason: `the run is ${phase}` });
  });

  it('[LEASE1] holds the task, the version and the examples of its parts', () => {
    const run = SmallRun.open(2, { training: { partsPerLease: 3 } });
    const reply = run.ask('volunteer1');
    if (reply.type !== 'lease') throw new Error(reply.type);
    expect(reply.lease).toMatchObject({ role: 'student', round: 1, parts: [0, 1, 2], examples: 30 });
    expect(reply.task).toMatchObject({ role: 'student', trains: ['segment-1', 'head-1'], frozen: [] });
    expect(reply.manifest.version).toBe(0);
    expect(run.last('lease-granted')).toEqual({
      type: 'lease-granted',
      lease: reply.lease.id,
      volunteer: 'volunteer1',
      role: 'student',
      round: 1,
      parts: [0, 1, 2],
      examples: 30,
    });
  });

  it('[LEASE2] asking again ends the lease in hand and gives another', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    const second = run.lease('volunteer0');
    expect([...run.state.leases.values()].map(({ id }) => id)).toEqual([second.id]);
    expect(run.last('lease-ended')).toMatchObject({ lease: first.id, why: 'asked for another' });
  });

  it('[LEASE2] asking ends no lease of anybody else', () => {
    const run = SmallRun.open(2);
    const lease = run.lease('volunteer0');
    run.lease('volunteer1');
    expect(run.state.leases.get(lease.id)).toEqual(lease);
  });

  it('[LEASE3] ends at its deadline, and its place is free', () => {
    const run = SmallRun.open(2, { plan: conventional, policy: { updatesPerRound: 1, overIssue: 1 } });
    const lease = run.lease('volunteer0');
    expect(nextAlarm(run.state)).toBe(lease.deadlineAt);
    run.at(run.config.spec.policy.leaseMs - 1).alarm();
    expect(run.ask('volunteer1').type).toBe('wait');
    run.at(1).alarm();
    expect(run.last('lease-ended')).toMatchObject({ lease: lease.id, why: 'the deadline passed' });
    expect(run.lease('volunteer1').role).toBe('whole');
  });

  it.each([
    ['synchronous', 30_000],
    ['buffered', 60_000],
  ] as const)(
    '[LEASE3] of training ends with its round at the latest, if rounds are synchronous: %s',
    (rounds, leftMs) => {
      const policy = { leaseMs: 60_000, roundMs: 100_000, rounds };
      const run = SmallRun.open(2, { plan: conventional, policy });
      const first = run.lease('volunteer0');
      expect(first.deadlineAt).toBe(run.now + 60_000);
      run.at(70_000);
      expect(run.lease('volunteer1').deadlineAt).toBe(run.now + leftMs);
    },
  );

  it('[LEASE3] of an evaluator does not end with a round', () => {
    const run = SmallRun.open(0, { policy: { leaseMs: 60_000, roundMs: 1_000, evaluators: 'referees' } });
    run.join('referee', { ...anyDevice, memoryMB: 0.001 }, true);
    expect(run.lease('referee')).toMatchObject({ role: 'evaluator', deadlineAt: run.now + 60_000 });
  });

  it('[LEASE4] is granted once a volunteer, role and round', () => {
    const run = SmallRun.open(3, { plan: conventional, policy: { evaluators: 'referees' } });
    run.accept(run.lease('volunteer0'));
    expect(run.ask('volunteer0')).toMatchObject({ type: 'wait', reason: 'others are finishing this round' });
    expect(run.lease('volunteer1').role).toBe('whole');
  });

  it('[LEASE4] one volunteer alone serves both roles of a round', () => {
    const run = SmallRun.open(1);
    const first = run.lease('volunteer0');
    run.accept(first);
    const second = run.lease('volunteer0');
    run.accept(second);
    expect([first.role, second.role]).toEqual(['teacher', 'student']);
    expect(run.state.round.status).toBe('folding');
  });

  it('[LEASE13] a device too weak for the teacher is always student', () => {
    const run = SmallRun.open(0);
    run.join('feeble', weakDevice);
    for (let round = 1; round <= 2; round++) {
      const lease = run.lease('feeble');
      expect(lease.role).toBe('student');
      run.accept(lease);
      run.at(run.config.spec.policy.roundMs).alarm();
      run.fold('student');
      run.fold('teacher', {}, 0);
    }
  });

  it('[LEASE13] a device too slow for half the lease gets nothing, and opens no round', () => {
    const run = SmallRun.open(0, { plan: conventional, policy: { leaseMs: 2_000 } });
    // 3 × 1,400 multiply-accumulates × 10 examples within a second.
    run.join('tooslow', { ...anyDevice, macsPerSecond: 41_999 });
    expect(run.ask('tooslow').type).toBe('wait');
    expect(run.has('round-opened')).toBe(false);
    run.join('quickenough', { ...anyDevice, macsPerSecond: 42_000 });
    expect(run.lease('quickenough').role).toBe('whole');
  });

  it.each([
    ['synchronous', 4, 1, 4],
    ['synchronous', 4, 1.3, 5],
    ['synchronous', 4, 3, 12],
    ['synchronous', 1, 1.3, 1],
    ['buffered', 4, 1, 4],
    ['buffered', 4, 1.3, 6],
    ['buffered', 1, 1.3, 2],
  ] as const)(
    '[LEASE5] in %s rounds a goal of %i with an over-issue of %d has places for %i idle volunteers',
    (rounds, updatesPerRound, overIssue, places) => {
      const run = SmallRun.open(20, { plan: conventional, policy: { rounds, updatesPerRound, overIssue } });
      const replies = Array.from({ length: 20 }, (_, i) => run.ask(`volunteer${i}`));
      expect(replies.filter(reply => reply.type === 'lease')).toHaveLength(places);
    },
  );

  it('[LEASE5] rounds up for nobody who has done something in this round or has something in hand', () => {
    const run = SmallRun.open(3, { policy: { updatesPerRound: 2, evaluators: 'referees' } });
    run.accept(run.lease('volunteer0'));
    const student = run.lease('volunteer1');
    expect(run.ask('volunteer0').type).toBe('wait');
    expect(run.ask('volunteer1', student).type).toBe('wait');
    expect(run.ask('volunteer2').type).toBe('lease');
  });

  it('[LEASE5] has more places if many leases bring nothing, five for each update that lacks at most', () => {
    const run = SmallRun.open(60, {
      plan: conventional,
      policy: { updatesPerRound: 2, overIssue: 1, evaluators: 'referees' },
    });
    const granted = (): number => {
      let count = 0;
      for (let i = 0; i < 60; i++) if (run.ask(`volunteer${i}`).type === 'lease') count += 1;
      return count;
    };
    const loseAll = (): void => {
      const gone = Array.from(run.state.leases.values(), ({ volunteer }) => volunteer);
      run.step({ type: 'presence', here: [], gone });
    };
    expect(granted()).toBe(2);
    for (let i = 0; i < 60; i++) loseAll();
    expect(run.state.returnRate).toBeCloseTo((15 / 16) ** 2);
    while (run.state.returnRate > 0.2) {
      run.lease(`volunteer${run.events.length % 60}`);
      loseAll();
    }
    loseAll();
    const waiting = Array.from({ length: 60 }, (_, i) => run.ask(`volunteer${i}`).type);
    expect(waiting.filter(type => type === 'lease')).toHaveLength(10);
  });

  it('[LEASE5] updates take places as leases do', () => {
    const run = SmallRun.open(3, { plan: conventional, policy: { updatesPerRound: 2, overIssue: 1 } });
    run.accept(run.lease('volunteer0'));
    run.lease('volunteer1');
    expect(run.ask('volunteer2').type).toBe('wait');
  });

  it('[LEASE9] is given back by its holder alone', () => {
    const run = SmallRun.open(2);
    const { id } = run.lease('volunteer0');
    const release = { type: 'release', lease: id, reason: 'paused' } as const;
    expect(run.refusal({ ...release, volunteer: 'volunteer1' })).toBe('unknown-lease');
    expect(run.refusal({ ...release, volunteer: 'volunteer0', lease: 'constructor' })).toBe('unknown-lease');
    run.step({ ...release, volunteer: 'volunteer0' });
    expect(run.state.leases.size).toBe(0);
    expect(run.last('lease-ended')).toMatchObject({ lease: id, why: 'paused' });
    expect(run.refusal({ ...release, volunteer: 'volunteer0' })).toBe('unknown-lease');
  });

  it('[LEASE10] ends in the ledger when the host finishes the run', () => {
    const run = SmallRun.open(1);
    const { id } = run.lease('volunteer0');
    run.control('finish');
    expect(run.events.slice(-2)).toMatchObject([
      { type: 'lease-ended', lease: id, why: 'the run finished' },
      { type: 'run-finished', why: 'host' },
    ]);
  });
});

it('the small model is what the weak device is measured by', () => {
  expect(smallModel.segments.map(segment => segment.tensors[0]?.shape)).toEqual([[10, 10], [7], [100, 10]]);
});
