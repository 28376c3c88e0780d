import type { RunConfig } from '../protocol/run-config.ts';
import type { CheckState } from './check/check-state.ts';
import type { ClosingState } from './closing/closing-state.ts';
import type { LeaseState, LeaseTiming } from './lease/lease-state.ts';
import type { RoundState } from './round/round-state.ts';
import type { RunState } from './run-state.ts';

/**
 * [RUN8] The state as it would be if the clock had been right before. No lease and no round is due later than a whole lease
 * or round from now. If one is, the clock was set back by so much at least, and nothing would be due before it has caught
 * up. What is below that passes by itself.
 */
export function afterSetBack(config: RunConfig, state: RunState, now: number): RunState {
  const ms = aheadMs(config, state, now);
  if (ms <= 0) return state;
  const { leases, round, presence, closing } = state;
  return {
    ...state,
    leases: [...leases.values()].reduce((table, lease) => table.put(earlierLease(lease, ms)), leases),
    round: earlierRound(round, ms),
    evaluation: state.evaluation && { ...state.evaluation, since: state.evaluation.since - ms },
    ...(closing && { closing: earlierClosing(closing, ms) }),
    presence: presence.earlier(ms),
  };
}

function aheadMs({ spec: { policy } }: RunConfig, { leases, round, closing }: RunState, now: number): number {
  const lease = (leases.firstDue()?.deadlineAt ?? now) - policy.leaseMs;
  const deadline = (round.status === 'open' ? round.deadlineAt : now) - policy.roundMs;
  const check = (checkEndsAt(round) ?? now) - policy.leaseMs;
  return Math.max(lease, deadline, check, closing?.progressAt ?? now) - now;
}

const earlierClosing = (
  { since, progressAt, aloneSince, ...closing }: ClosingState,
  ms: number,
): ClosingState => ({
  ...closing,
  since: since - ms,
  progressAt: progressAt - ms,
  aloneSince: aloneSince === null ? null : aloneSince - ms,
});

const earlierLease = ({ timing, ...lease }: LeaseState, ms: number): LeaseState => ({
  ...lease,
  deadlineAt: lease.deadlineAt - ms,
  ...(timing && { timing: earlierTiming(timing, ms) }),
});

const earlierTiming = ({ startedAt, overdueAt, ...timing }: LeaseTiming, ms: number): LeaseTiming => ({
  ...timing,
  startedAt: startedAt === null ? null : startedAt - ms,
  overdueAt: overdueAt === null ? null : overdueAt - ms,
});

/** Somebody who asks in vain begins the idle time anew. */
function earlierRound(round: RoundState, ms: number): RoundState {
  const awake = 'idleSince' in round ? { ...round, idleSince: null } : round;
  if (awake.status === 'checking') return { ...awake, check: earlierCheck(awake.check, ms) };
  return awake.status === 'open' ? { ...awake, deadlineAt: awake.deadlineAt - ms } : awake;
}

const checkEndsAt = (round: RoundState): number | null =>
  round.status === 'checking' ? (round.check.by?.until ?? round.check.waitsUntil) : null;

const earlierCheck = ({ by, waitsUntil, ...check }: CheckState, ms: number): CheckState => ({
  ...check,
  by: by && { ...by, until: by.until - ms },
  waitsUntil: waitsUntil === null ? null : waitsUntil - ms,
});
