import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { countedTasks } from './crowd.ts';
import { fits, isOnlySlow } from './device-fit.ts';

/** Whether no task of the round fits the device, and a faster one of its size could do something. */
export function isTooSlow(config: RunConfig, { round }: RunState, { identity }: VolunteerState): boolean {
  const needs = countedTasks(config, round.number).map(({ need }) => need);
  const { device } = identity;
  return (
    !needs.some(need => fits(config, need, device)) && needs.some(need => isOnlySlow(config, need, device))
  );
}

/**
 * [LEASE20] The volunteer's device has measured itself anew. What was in its way the first time may be over, so the faster
 * of both measurements is right.
 */
export function measuredAgain(state: RunState, id: string, macsPerSecond = 0): RunState {
  const known = state.volunteers.get(id);
  if (!known || macsPerSecond <= known.identity.device.macsPerSecond) return state;
  const device = { ...known.identity.device, macsPerSecond };
  const faster = { ...known, identity: { ...known.identity, device } };
  return {
    ...state,
    volunteers: state.volunteers.put(faster),
    paces: state.paces.changed(known, faster),
  };
}
