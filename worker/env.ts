import type { CohortObject, CoordinatorObject } from './object-calls.ts';

/** What wrangler.toml binds. */
export interface Env {
  readonly COORDINATORS: DurableObjectNamespace<CoordinatorObject>;
  readonly COHORTS: DurableObjectNamespace<CohortObject>;
  readonly BLOBS: R2Bucket;
  readonly DIRECTORY: D1Database;
  readonly RUN_CREATION: 'open' | 'closed';
  readonly TOKEN_SECRET: string;
  readonly DEPLOYMENT_KEY?: string;
}
