import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Env } from '../env.ts';
import type { CohortObject } from '../object-calls.ts';

/** The cohort object of a run, role and index. */
export const cohortOf = (env: Env, run: string, role: Role, index: number): DurableObjectStub<CohortObject> =>
  env.COHORTS.getByName(`${run}/${role}/${index}`);
