import type { RunConfig } from '../../protocol/run-config.ts';
import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { activeMs } from '../volunteer/active-volunteers.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { countActive } from './crowd.ts';
import { crowdWaitMs } from './crowd-wait.ts';

/** [LEASE8] When a volunteer who gets nothing asks again. */
export interface WaitHint {
  readonly retryAfterMs: number;
  /** How long after an event that may bring work. */
  readonly wakeAfterMs: number;
}

const SHORTEST_MS = crowdWaitMs(1);

/** Nothing but an event ends a pause. This is for whoever missed the event. */
const PAUSED_MS = 10_000;

/** If so many times as many volunteers are active as a round wants updates, most of them wait in any round. */
const CROWD = 2;

/** In a crowd somebody asks once in so many ms for each update that a round wants. So a freed place is soon taken. */
const MS_AN_UPDATE = 250;

/**
 * Who waits and hears of no event asks again after so many ms for every active volunteer, up to the limit. Events wake those
 * who wait, so these calls are for whoever missed one. Each is a request that the platform bills: thirty pupils who asked
 * twice a second would use up a day's requests of the free plan in half an hour.
 */
const MS_WITHOUT_EVENT = 100;
const LONGEST_WITHOUT_EVENT_MS = 5_000;

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
  const quietMs = Math.min(LONGEST_WITHOUT_EVENT_MS, MS_WITHOUT_EVENT * active);
  const waitMs = Math.max(spreadMs, state.phase === 'open' ? quietMs : PAUSED_MS);
  return {
    retryAfterMs: Math.round(waitMs + (share * (waitMs - SHORTEST_MS)) / 2),
    wakeAfterMs: Math.round(share * (spreadMs - SHORTEST_MS)),
  };
}

/** How long a crowd's asking is spread over. */
function paceMs({ spec }: RunConfig, { round, leases }: RunState, active: number): number {
  const { updatesPerRound } = spec.policy;
  const usualMs = crowdWaitMs(active);
  // [ROUND4] An idle round closes only if somebody asks.
  const isIdle = isInTraining(round) && !leases.hasPlaces;
  if (isIdle || active <= CROWD * updatesPerRound) return usualMs;
  // Whoever were silent for twice as long would not count as active.
  return Math.min(activeMs(spec) / 2, Math.max(usualMs, (MS_AN_UPDATE * active) / updatesPerRound));
}
