import type { RunConfig, RunState, VolunteerState } from './run-state.ts';

/** A volunteer not heard of for so long is not counted on. */
const ACTIVE_MS = 60_000;

/** [ROUND1] Volunteers heard of within the last minute, or within a lease's time where that is longer. */
export function activeVolunteers(
  { spec }: RunConfig,
  state: RunState,
  now: number,
): readonly VolunteerState[] {
  const activeMs = Math.max(ACTIVE_MS, spec.policy.leaseMs);
  return Object.values(state.volunteers).filter(volunteer => now - volunteer.seenAt < activeMs);
}

/** [LEASE12] Active volunteers with nothing in hand, this one aside. */
export function idleOthers(
  config: RunConfig,
  state: RunState,
  { id: self }: VolunteerState,
  now: number,
): readonly VolunteerState[] {
  const busy = new Set(Object.values(state.leases).map(lease => lease.volunteer));
  return activeVolunteers(config, state, now).filter(({ id }) => id !== self && !busy.has(id));
}
