import type { Cohort } from './cohort/cohort.ts';
import type { RunCoordinator } from './coordinator/run-coordinator.ts';

/** What wrangler.toml binds. */
export interface Env {
  readonly COORDINATORS: DurableObjectNamespace<RunCoordinator>;
  readonly COHORTS: DurableObjectNamespace<Cohort>;
  readonly BLOBS: R2Bucket;
  readonly DIRECTORY: D1Database;
  readonly RUN_CREATION: 'open' | 'closed';
  readonly TOKEN_SECRET: string;
  readonly DEPLOYMENT_KEY?: string;
}
