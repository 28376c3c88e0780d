import type { Role } from '../../protocol/identifiers.ts';
import { comparesWithRoot } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { activeReferees, hasOthers } from '../lease/crowd.ts';
import type { RunState } from '../run-state.ts';
import { type OpenRound, type RoundState, rolesOf, servedCount } from './round-state.ts';

/** [ROOT5] A referee's own update of this round was accepted. The first one of a role counts. */
export function countRoot(before: RunState, role: Role, volunteer: string): RunState {
  const { rootMissed: _, ...state } = before;
  const roots = { [role]: volunteer, ...state.round.roots };
  return { ...state, round: { ...state.round, roots } };
}

/** Roles with updates and no root update to compare them with. */
const rolesWithoutRoot = (round: RoundState): Role[] =>
  rolesOf(round).filter(role => servedCount(round, role) > 0 && round.roots?.[role] === undefined);

/**
 * [ROOT6] Whether a round that could close waits for a root update. The round's deadline ends that. If a referee is here
 * that let a round close without one, it is waited for no more unless it has a lease in hand.
 */
export function waitsForRoot(config: RunConfig, state: RunState, round: OpenRound, now: number): boolean {
  if (!comparesWithRoot(config.spec) || now >= round.deadlineAt) return false;
  const lacking = rolesWithoutRoot(round);
  if (lacking.some(role => state.leases.hasRoot(role, round.number))) return true;
  const mayCome = activeReferees(config, state, now).count > 0 && hasOthers(config, state, now);
  return lacking.length > 0 && !state.rootMissed && mayCome;
}

/** [ROOT6] What is remembered of a round that closes. */
export const noteRootMissed = (config: RunConfig, round: RoundState): Pick<RunState, 'rootMissed'> =>
  comparesWithRoot(config.spec) && rolesWithoutRoot(round).length > 0 ? { rootMissed: true } : {};
