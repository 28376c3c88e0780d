import type { Role } from '../../protocol/identifiers.ts';
import type { RunState } from '../run-state.ts';
import { cohortsLeased } from './leased-cohorts.ts';
import { goalOf, isInTraining, servedCount } from './round-state.ts';

/** With so few leases in hand every report matters to somebody who looks on, and none costs much. */
const FEW_LEASES = 8;

/**
 * How many more updates of this role the round is waiting for, of each of the role's cohorts: one that has so many tells of
 * them at once. 1 if each is to be told at once. 0 if there is no hurry.
 */
export function updatesWanted(
  { round, leases, leasedCohorts }: Pick<RunState, 'round' | 'leases' | 'leasedCohorts'>,
  role: Role,
): number {
  if (leases.size <= FEW_LEASES) return 1;
  if (!isInTraining(round)) return 0;
  const wanted = Math.max(0, goalOf(round, role) - servedCount(round, role));
  return Math.ceil(wanted / cohortsLeased(leasedCohorts, role).length);
}
