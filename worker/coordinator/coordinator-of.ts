import type { Env } from '../env.ts';
import type { CoordinatorObject } from '../object-calls.ts';

/** The coordinator object of a run. */
export const coordinatorOf = (env: Env, run: string): DurableObjectStub<CoordinatorObject> =>
  env.COORDINATORS.getByName(run);
