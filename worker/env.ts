import type { CohortObject, CoordinatorObject, RelayObject } from './object-calls.ts';

/** What wrangler.toml binds. */
export interface Env {
  readonly COORDINATORS: DurableObjectNamespace<CoordinatorObject>;
  readonly COHORTS: DurableObjectNamespace<CohortObject>;
  readonly RELAYS: DurableObjectNamespace<RelayObject>;
  readonly BLOBS: R2Bucket;
  readonly DIRECTORY: D1Database;
  readonly RUN_CREATION: 'open' | 'closed';
  readonly TOKEN_SECRET: string;
  readonly DEPLOYMENT_KEY?: string;
  /** The names to which this platform answers, as `doors/own-names` reads them. If it is left out, any. */
  readonly OWN_NAMES?: string;
  /** [CROWD8] Of Cloudflare Turnstile. If either is left out, nobody is checked. */
  readonly TURNSTILE_SITE_KEY?: string;
  readonly TURNSTILE_SECRET?: string;
  /** Who answers in place of Cloudflare, in tests. */
  readonly TURNSTILE_URL?: string;
  /** A name, or a whole origin, by which other devices reach a platform on a laptop. Left out if none do. */
  readonly INVITE_NAME?: string;
  /** By which of a laptop's names for itself its pages are seen. Left out if by any. */
  readonly PAGES_NAME?: string;
  /** The pages. Left out if none are served. */
  readonly PAGES?: Fetcher;
  /** After how many ms without a heartbeat an event socket is closed, if not after the usual ones. */
  readonly SOCKET_SILENCE_MS?: string;
}
