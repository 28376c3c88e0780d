import type { Region } from '../../shared/protocol/region.ts';
import type { Env } from '../env.ts';
import { near } from '../location.ts';
import type { CoordinatorObject } from '../object-calls.ts';

/**
 * The coordinator object of a run.
 * @param location near which it is made, if this is the first call
 */
export const coordinatorOf = (
  env: Env,
  run: string,
  location: Region | null = null,
): DurableObjectStub<CoordinatorObject> => env.COORDINATORS.getByName(run, near(location));
