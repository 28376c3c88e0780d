import { describe, expect, it } from 'vitest';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { conventional, SmallRun } from './small-run.ts';

describe('a volunteer who gets nothing', () => {
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

  it('[LEASE8] of a large crowd on a large goal each waits five seconds, and half as long again at most', () => {
    const crowd = hints(300, { updatesPerRound: 200 });
    for (const { retryAfterMs, wakeAfterMs } of crowd) {
      expect(retryAfterMs).toBeGreaterThanOrEqual(5_000);
      expect(retryAfterMs).toBeLessThan(7_500);
      // After an event the asking is spread over 10 ms for every active volunteer.
      expect(wakeAfterMs).toBeLessThanOrEqual(2_510);
    }
    expect(crowd.length).toBeGreaterThan(0);
  });

  it('[LEASE8] of a larger one each waits 10 ms for every active volunteer', () => {
    const crowd = hints(600, { updatesPerRound: 400 });
    for (const { retryAfterMs } of crowd) expect(retryAfterMs).toBeGreaterThanOrEqual(6_010);
    expect(crowd.length).toBeGreaterThan(0);
  });

  it('[LEASE8] a class that waits for its last pupils asks ten times a second at most, and at once after an event', () => {
    const pupils = hints(29, { updatesPerRound: 15 });
    expect(pupils.length).toBeGreaterThan(10);
    for (const { retryAfterMs, wakeAfterMs } of pupils) {
      expect(retryAfterMs).toBeGreaterThanOrEqual(3_000);
      expect(wakeAfterMs).toBe(0);
    }
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
});
