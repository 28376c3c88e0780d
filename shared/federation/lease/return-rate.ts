import type { RunState } from '../run-state.ts';
import type { LeaseState } from './lease-state.ts';

/** The newest lease makes up so much of the rate. So about the last 16 leases say it. */
const NEWEST_SHARE = 1 / 16;

/** [LEASE5] No more than so many are tried for one update: a crowd that returns nothing is not made to work more. */
const MOST_TRIES = 5;

/** A training lease has returned an update, or has lost its place without one. One on trial says nothing of the others. */
export function noteOutcome(state: RunState, { role, isTrial }: LeaseState, isReturned: boolean): RunState {
  if (role === 'evaluator' || isTrial) return state;
  const returnRate = state.returnRate + NEWEST_SHARE * (Number(isReturned) - state.returnRate);
  return { ...state, returnRate };
}

/** How many leases brought so many updates lately: as many if none was lost. */
export const leasesFor = (updates: number, { returnRate }: RunState): number =>
  updates / Math.max(returnRate, 1 / MOST_TRIES);

/** How many leases bring so many updates, as things are. */
export const triesFor = (updates: number, state: RunState): number => Math.ceil(leasesFor(updates, state));
