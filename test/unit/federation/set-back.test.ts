import { describe, expect, it } from 'vitest';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import { conventional, SmallRun } from './small-run.ts';

const HOUR_MS = 3_600_000;
const policy = { evaluators: 'referees', updatesPerRound: 4, overIssue: 1 } as const;

/** Three of four have returned their update, and the clock is set back by an hour in between. */
function threeOfFour(): SmallRun {
  const run = SmallRun.open(4, { plan: conventional, rounds: 99, policy });
  const [silent, ...others] = [0, 1, 2, 3].map(i => run.lease(`volunteer${i}`));
  if (!silent) throw new Error('four leases');
  run.now -= HOUR_MS;
  for (const lease of others) run.accept(lease);
  return run;
}

describe('[RUN8] a clock that is set back by an hour', () => {
  it('ends no lease and no round an hour late', () => {
    const run = threeOfFour();
    const { leaseMs, roundMs } = run.config.spec.policy;
    expect(nextAlarm(run.state)).toBeLessThanOrEqual(run.now + leaseMs);
    run.now += leaseMs;
    run.alarm();
    expect(run.state.leases.size).toBe(0);
    run.now += roundMs - leaseMs;
    run.alarm();
    expect(run.state.round.status).toBe('folding');
  });

  it('leaves nobody counted as active who has been silent for longer than that', () => {
    const run = threeOfFour();
    run.now += HOUR_MS / 2;
    run.alarm();
    run.fold('whole');
    const lease = run.lease('volunteer0');
    expect(run.state.round).toMatchObject({ status: 'open', goals: { [lease.role]: 1 } });
  });

  it('moves nothing if it is set back by less than a lease has left', () => {
    const run = SmallRun.open(1, { plan: conventional, rounds: 99, policy });
    run.now += HOUR_MS;
    const { deadlineAt } = run.lease('volunteer0');
    run.now += 60_000;
    run.alarm();
    run.now -= 50_000;
    run.alarm();
    expect(nextAlarm(run.state)).toBe(deadlineAt);
  });
});
