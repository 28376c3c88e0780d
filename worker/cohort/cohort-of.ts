import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Region } from '../../shared/protocol/region.ts';
import type { Env } from '../env.ts';
import { near } from '../location.ts';
import type { CohortObject } from '../object-calls.ts';

/**
 * The cohort object of a run, role and index.
 * @param location near which it is made, if this is the first call
 */
export const cohortOf = (
  env: Env,
  run: string,
  role: Role,
  index: number,
  location?: Region,
): DurableObjectStub<CohortObject> => env.COHORTS.getByName(`${run}/${role}/${index}`, near(location));
