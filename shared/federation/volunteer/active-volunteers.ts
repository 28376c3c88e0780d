import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from './volunteer-state.ts';

/** A volunteer not heard of for so long is not counted on, in ms: a minute, or a lease's time if that is longer. */
export const activeMs = ({ policy }: RunSpec): number => Math.max(60_000, policy.leaseMs);

/** [ROUND1] The volunteers who are counted on. */
export function activeVolunteers(
  { spec }: RunConfig,
  state: RunState,
  now: number,
): readonly VolunteerState[] {
  return Object.values(state.volunteers).filter(({ presence }) => now - presence.seenAt < activeMs(spec));
}

/** [LEASE12] Active volunteers with nothing in hand, without this one. */
export function idleOthers(
  config: RunConfig,
  state: RunState,
  { id: self }: VolunteerState,
  now: number,
): readonly VolunteerState[] {
  const busy = new Set(Object.values(state.leases).map(lease => lease.volunteer));
  return activeVolunteers(config, state, now).filter(({ id }) => id !== self && !busy.has(id));
}
