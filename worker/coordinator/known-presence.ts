import { countActive } from '../../shared/federation/lease/crowd.ts';
import type { RunState } from '../../shared/federation/run-state.ts';
import { activeAfter } from '../../shared/federation/volunteer/active-volunteers.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { KnownPresence } from '../../shared/view/with-presence.ts';
import type { Whereabouts } from './whereabouts.ts';

/** [VIEW9] Who has a socket is here. Without one it is who was heard of lately, and has not gone since. */
export function knownPresence(
  config: RunConfig,
  state: RunState,
  whereabouts: Whereabouts,
  now: number,
): KnownPresence {
  const after = activeAfter(config.spec, now);
  const leftAt = (volunteer: string): number | null => {
    if (whereabouts.has(volunteer)) return null;
    const goneAt = state.presence.goneAt(volunteer);
    if (goneAt !== null) return goneAt;
    // Whoever has no row has left, or the platform knows it by the ledger alone.
    const seenAt = state.presence.seenAt(volunteer) ?? state.volunteers.get(volunteer)?.joinedAt ?? 0;
    return seenAt > after ? null : seenAt;
  };
  return { leftAt, here: Math.max(whereabouts.count, countActive(config, state, now)) };
}
