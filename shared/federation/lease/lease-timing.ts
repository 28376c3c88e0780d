import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { expectedTime, patienceMs } from './expected-time.ts';
import type { LeaseAsk } from './lease-ask.ts';
import type { LeaseState, LeaseTiming } from './lease-state.ts';
import { withPace } from './own-pace.ts';

/** [LEASE17] The timing of a lease that is granted now. One beside another begins when that one is overdue at the latest. */
export function timingOf(
  config: RunConfig,
  state: RunState,
  role: LeaseState['role'],
  macs: number,
  { volunteer, beside, now }: Pick<LeaseAsk, 'volunteer' | 'beside' | 'now'>,
): LeaseTiming {
  const startsAt = beside ? (beside.timing?.overdueAt ?? null) : now;
  return {
    macs,
    startedAt: beside ? null : now,
    ...overdueOf(config, state, volunteer, role, macs, startsAt),
  };
}

function overdueOf(
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  role: LeaseState['role'],
  macs: number,
  startsAt: number | null,
): Pick<LeaseTiming, 'overdueAt' | 'isKnown'> {
  const expected = expectedTime(state, volunteer, role, macs);
  if (startsAt === null || expected === null) return { overdueAt: null, isKnown: false };
  return { overdueAt: startsAt + patienceMs(config, expected.ms), isKnown: expected.isKnown };
}

/** The same lease with its time worked out anew from this moment on. */
function retimed(config: RunConfig, state: RunState, lease: LeaseState, startedAt: number): RunState {
  const volunteer = state.volunteers.get(lease.volunteer);
  if (!lease.timing || !volunteer) return state;
  const overdue = overdueOf(config, state, volunteer, lease.role, lease.timing.macs, startedAt);
  return {
    ...state,
    leases: state.leases.put({ ...lease, timing: { ...lease.timing, startedAt, ...overdue } }),
  };
}

/** An update to this lease was accepted: it says how quick its holder is, and so perhaps how long others may take. */
export function noteReturn(config: RunConfig, before: RunState, lease: LeaseState, now: number): RunState {
  const { startedAt = null, macs = 0 } = lease.timing ?? {};
  const volunteer = before.volunteers.get(lease.volunteer);
  if (!volunteer || startedAt === null || macs === 0) return before;
  const quicker = withPace(volunteer, lease.role, Math.max(1, now - startedAt) / macs);
  const state = {
    ...before,
    volunteers: before.volunteers.put(quicker),
    paces: before.paces.put(volunteer, quicker, lease.role),
  };
  return timeUntimed(config, state);
}

/** Leases whose time was not known from updates so far, each until it is. */
function timeUntimed(config: RunConfig, before: RunState): RunState {
  let state = before;
  for (const lease of before.leases.untimed()) {
    const { role, round, volunteer, timing } = lease;
    const holder = state.volunteers.get(volunteer);
    if (!timing || timing.startedAt === null || !holder) continue;
    if (!expectedTime(state, holder, role, timing.macs)?.isKnown) continue;
    if (role === 'evaluator' || round === state.round.number)
      state = retimed(config, state, lease, timing.startedAt);
  }
  return state;
}

/** A lease of this volunteer has ended. The one beside it begins now. */
export function startNext(config: RunConfig, before: RunState, volunteer: string, now: number): RunState {
  let state = before;
  for (const lease of before.leases.heldBy(volunteer))
    if (lease.timing?.startedAt === null) state = retimed(config, state, lease, now);
  return state;
}
