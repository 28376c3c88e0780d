import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from './volunteer-state.ts';

/** A volunteer is active if it was heard of within so many ms: a minute, or a lease's time if that is longer. */
export const activeMs = ({ policy }: RunSpec): number => Math.max(60_000, policy.leaseMs);

/** [ROUND1] The active volunteers, who are counted on. */
export function activeVolunteers(
  { spec }: RunConfig,
  state: RunState,
  now: number,
): readonly VolunteerState[] {
  return Object.values(state.volunteers).filter(({ presence }) => now - presence.seenAt < activeMs(spec));
}

/** [LEASE12] The free volunteers without this one: they are active and have no lease in hand. */
export function freeOthers(
  config: RunConfig,
  state: RunState,
  { id: self }: VolunteerState,
  now: number,
): readonly VolunteerState[] {
  const busy = new Set(Object.values(state.leases).map(lease => lease.volunteer));
  return activeVolunteers(config, state, now).filter(({ id }) => id !== self && !busy.has(id));
}
