import { describe, expect, it } from 'vitest';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { anyDevice, conventional, SmallRun, smallModel, threeSegments } from './small-run.ts';

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

  it('[LEASE7] holds no part twice if there are fewer than a lease wants', () => {
    const run = SmallRun.open(1, { training: { partsPerLease: 64 } });
    expect(run.lease('volunteer0').parts).toEqual([0, 1, 2, 3]);
  });

  /** What the first so many volunteers are told, with the only place of the round taken. */
  function hints(volunteers: number, change: Partial<RunSpecInput['policy']> = {}) {
    const policy = { updatesPerRound: 1, overIssue: 1, evaluators: 'referees' as const, ...change };
    const run = SmallRun.open(volunteers + 1, { plan: conventional, policy });
    run.lease(`volunteer${volunteers}`);
    const replies = Array.from({ length: volunteers }, (_, i) => run.ask(`volunteer${i}`));
    return replies.flatMap(reply => (reply.type === 'wait' ? [reply] : []));
  }

  it('[LEASE8] a handful waits half a second, and asks at once after an event', () => {
    const [hint] = hints(1);
    expect(hint).toMatchObject({ retryAfterMs: 500, wakeAfterMs: 0 });
  });

  it('[LEASE8] of a crowd on a goal of four each waits by the pace of the rounds, and the asking is spread evenly', () => {
    const crowd = hints(1_000, { updatesPerRound: 4 });
    expect(crowd).toHaveLength(997);
    // 250 ms for each update, and no longer than half of two minutes: 60 s, of which the spread is half more.
    for (const { retryAfterMs } of crowd) {
      expect(retryAfterMs).toBeGreaterThanOrEqual(60_000);
      expect(retryAfterMs).toBeLessThan(90_000);
    }
    const wakes = crowd.map(({ wakeAfterMs }) => wakeAfterMs);
    for (let second = 0; second < 60; second++) {
      const asking = wakes.filter(ms => ms >= 1_000 * second && ms < 1_000 * (second + 1));
      expect(asking.length).toBeLessThanOrEqual(25);
    }
    expect(wakes.filter(ms => ms < 1_000).length).toBeGreaterThanOrEqual(4);
  });

  it('[LEASE8] of a large crowd on a large goal each waits 10 ms for every active volunteer, and half as long again at most', () => {
    const crowd = hints(300, { updatesPerRound: 200 });
    for (const { retryAfterMs } of crowd) {
      expect(retryAfterMs).toBeGreaterThanOrEqual(3_010);
      expect(retryAfterMs).toBeLessThan(4_500);
    }
    expect(crowd.length).toBeGreaterThan(0);
  });

  it('[LEASE8] others ask first in each round', () => {
    const first = (round: number): number => {
      const run = SmallRun.open(500, { policy: { minVolunteers: 500 } });
      run.state = { ...run.state, round: { ...run.state.round, number: round } };
      run.control('pause');
      const wakes = Array.from({ length: 500 }, (_, i) => {
        const reply = run.ask(`volunteer${i}`);
        return reply.type === 'wait' ? reply.wakeAfterMs : Number.NaN;
      });
      return wakes.indexOf(Math.min(...wakes));
    };
    expect(new Set([1, 2, 3].map(first)).size).toBe(3);
  });

  it('[LEASE8] waits ten seconds for the event that ends a pause', () => {
    const run = SmallRun.open(1);
    run.control('pause');
    const reply = run.ask('volunteer0');
    expect(reply).toMatchObject({ type: 'wait', wakeAfterMs: 0 });
    expect(reply.type === 'wait' ? reply.retryAfterMs : 0).toBeGreaterThanOrEqual(10_000);
  });

  it('[LEASE8] [RUN1] a finished run says so to who asks', () => {
    const run = SmallRun.open(1);
    run.control('finish');
    expect(run.ask('volunteer0')).toEqual({ type: 'finished' });
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

describe('an open link', () => {
  it('[LEASE11] comes half a minute apart after five without an update, and at once again after an update', () => {
    const run = SmallRun.open(1, { plan: conventional });
    for (let i = 0; i < 5; i++) run.lease('volunteer0');
    const entries = run.events.length;
    expect(run.ask('volunteer0')).toMatchObject({
      type: 'wait',
      reason: 'this device returned no update for its last leases',
    });
    expect(run.events.slice(entries).map(({ type }) => type)).toEqual(['lease-ended']);
    const lease = run.at(30_000).lease('volunteer0');
    expect(run.ask('volunteer0').type).toBe('wait');
    run.accept(lease);
    run.fold('whole');
    expect(run.ask('volunteer0').type).toBe('lease');
  });

  it('[LEASE11] counts a pair once', () => {
    const run = SmallRun.open(1);
    for (let i = 0; i < 4; i++) run.lease('volunteer0', run.lease('volunteer0'));
    run.lease('volunteer0');
    expect(run.ask('volunteer0').type).toBe('wait');
  });

  it('[LEASE11] counts all that are asked for beside one lease, and all that follow each other so', () => {
    const same = SmallRun.open(1);
    const first = same.lease('volunteer0');
    for (let i = 0; i < 5; i++) same.lease('volunteer0', first);
    expect(same.ask('volunteer0', first).type).toBe('wait');
    const chain = SmallRun.open(1);
    let last = chain.lease('volunteer0');
    for (let i = 0; i < 8; i++) last = chain.lease('volunteer0', last);
    expect(chain.ask('volunteer0', last).type).toBe('wait');
  });

  it('[LEASE11] foretells none beside the last of them', () => {
    const run = SmallRun.open(1);
    for (let i = 0; i < 4; i++) expect(run.ask('volunteer0')).toMatchObject({ more: true });
    expect(run.ask('volunteer0')).toMatchObject({ type: 'lease', more: false });
  });

  it('[RUN3] takes as many volunteers as its policy says, and no more', () => {
    const run = SmallRun.open(3, { policy: { maxVolunteers: 3 } });
    const input = {
      type: 'join',
      volunteer: 'late',
      name: 'late',
      device: anyDevice,
      referee: false,
    } as const;
    expect(run.refusal(input)).toBe('busy');
  });
});
