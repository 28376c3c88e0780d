import type { RunConfig } from '../../protocol/run-config.ts';
import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { activeMs } from '../volunteer/active-volunteers.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { countActive } from './crowd.ts';
import { crowdSpreadMs, crowdWaitMs, quietWaitMs } from './crowd-wait.ts';

/** [LEASE8] When a volunteer who gets nothing asks again. */
export interface WaitHint {
  readonly retryAfterMs: number;
  /** How long after an event that may bring work. */
  readonly wakeAfterMs: number;
}

const SHORTEST_MS = crowdWaitMs(1);

/** Nothing but an event ends a pause. This is for whoever missed the event. */
const PAUSED_MS = 10_000;

/**
 * Fractions whose multiples are spread evenly: of the golden ratio and of the square root of two. So neighbours lie
 * apart, and everyone's share of the time changes from round to round. A replay gives the same.
 */
const A_VOLUNTEER = 0.618033988749895;
const A_ROUND = 0.414213562373095;

export function waitHint(
  config: RunConfig,
  state: RunState,
  volunteer: VolunteerState,
  now: number,
): WaitHint {
  const share = (volunteer.identity.index * A_VOLUNTEER + state.round.number * A_ROUND) % 1;
  const active = countActive(config, state, now);
  const spreadMs = paceMs(config, state, active);
  const waitMs = Math.max(spreadMs, state.phase === 'open' ? quietWaitMs(active) : PAUSED_MS);
  return {
    retryAfterMs: Math.round(waitMs + (share * (waitMs - SHORTEST_MS)) / 2),
    wakeAfterMs: Math.round(share * (spreadMs - SHORTEST_MS)),
  };
}

/** How long a crowd's asking is spread over. */
function paceMs({ spec }: RunConfig, { round, leases }: RunState, active: number): number {
  // [ROUND4] An idle round closes only if somebody asks.
  const isIdle = isInTraining(round) && !leases.hasPlaces;
  // Whoever were silent for twice as long would not count as active.
  return isIdle
    ? crowdWaitMs(active)
    : crowdSpreadMs(active, spec.policy.updatesPerRound, activeMs(spec) / 2);
}
