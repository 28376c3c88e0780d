import { fitsDevices } from '../../plan/plan-tasks.ts';
import { plannedTasks } from '../../plan/planned-tasks.ts';
import type { Role } from '../../protocol/identifiers.ts';
import { comparesWithRoot, rootParts } from '../../protocol/root-set.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { goalOf, rolesOf } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { hasOthers } from './crowd.ts';
import { fits, needOf } from './device-fit.ts';
import { isLongIdle } from './idle-round.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { countExamples, type RoundTask } from './round-tasks.ts';

/**
 * [ROOT4] The first task of the round that lacks a root update, if a referee asks and has none of that role in hand. Null
 * if there is none for it, or if nobody but referees is here: then they train as others do.
 */
export function chooseRootTask(
  config: RunConfig,
  state: RunState,
  { volunteer, now }: LeaseAsk,
): RoundTask | null {
  if (!comparesWithRoot(config.spec) || !volunteer.identity.referee) return null;
  if (!hasOthers(config, state, now)) return null;
  const { round, leases } = state;
  const held = leases.heldBy(volunteer.id).filter(lease => lease.round === round.number);
  const parts = partsInRound(config, round.number);
  const examples = countExamples(config, 'train', parts);
  for (const task of plannedTasks(config, round.number)) {
    const { role } = task;
    const need = needOf(config, task, examples);
    const isWanted = goalOf(round, role) > 0 && round.roots?.[role] === undefined;
    const isTaken = leases.hasRoot(role, round.number) || held.some(lease => lease.role === role);
    if (isWanted && !isTaken && fits(config, need, volunteer.identity.device))
      return { task, parts, examples, need };
  }
  return null;
}

/**
 * [ROOT4] Whether a referee that has sent a role's root update leaves the role's other updates to others. It does so as long
 * as somebody else is able and at work. Otherwise the round would never close: it has a root update and nothing to compare.
 */
export function leavesToOthers(
  config: RunConfig,
  state: RunState,
  { id }: Pick<VolunteerState, 'id'>,
  role: Role,
  now: number,
): boolean {
  const { round } = state;
  const roles = fitsDevices(config.spec.plan) ? rolesOf(round) : [role];
  if (!roles.some(each => round.roots?.[each] === id) || isLongIdle(state, now)) return false;
  return hasOthers(config, state, now);
}

/**
 * As many parts as every lease has, so that the root update takes as many steps as others. If the set has fewer, they come
 * again.
 */
function partsInRound({ spec }: RunConfig, round: number): readonly number[] {
  const parts = rootParts(spec);
  const { partsPerLease } = spec.training;
  return Array.from(
    { length: partsPerLease },
    (_, i) => parts[((round - 1) * partsPerLease + i) % parts.length] ?? 0,
  );
}
