import type { Env } from '../env.ts';
import type { RunCoordinator } from './run-coordinator.ts';

/** The coordinator object of a run. */
export const coordinatorOf = (env: Env, run: string): DurableObjectStub<RunCoordinator> =>
  env.COORDINATORS.getByName(run);
