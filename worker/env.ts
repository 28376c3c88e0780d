import type {
  CohortObject,
  CoordinatorObject,
  HousekeeperObject,
  RelayObject,
  SecretKeeperObject,
} from './object-calls.ts';
import type { ShelfObject } from './shelf/shelf-calls.ts';

/** What wrangler.toml binds. */
export interface Env {
  readonly COORDINATORS: DurableObjectNamespace<CoordinatorObject>;
  readonly COHORTS: DurableObjectNamespace<CohortObject>;
  readonly RELAYS: DurableObjectNamespace<RelayObject>;
  /** Left out by an account without R2. Ask `bucketOf`. */
  readonly BLOBS?: R2Bucket;
  /** What R2 would hold, of a deployment without it. */
  readonly SHELVES: DurableObjectNamespace<ShelfObject>;
  readonly DIRECTORY: D1Database;
  readonly SECRETS: DurableObjectNamespace<SecretKeeperObject>;
  /** `doors/rates`. A platform on a laptop has none. */
  readonly JOIN_RATE?: RateLimit;
  readonly EVENTS_RATE?: RateLimit;
  readonly INFO_RATE?: RateLimit;
  readonly LEDGER_RATE?: RateLimit;
  readonly HOUSEKEEPERS: DurableObjectNamespace<HousekeeperObject>;
  /** [SWEEP5] For so many days after a run's end its updates are kept. If it is left out or 0, for good. */
  readonly ARCHIVE_DAYS?: string;
  readonly RUN_CREATION: 'open' | 'closed';
  /** Signs tokens. If it is left out, the platform makes a secret and keeps it in `SECRETS`. */
  readonly TOKEN_SECRET?: string;
  /** With it the owner creates runs. If it is left out, the owner claims the deployment (`shared/protocol/ownership`). */
  readonly DEPLOYMENT_KEY?: string;
  /** SHA-256 of the claim that the last deploy has printed, and when it ends, in milliseconds since 1970. */
  readonly CLAIM_HASH?: string;
  readonly CLAIM_ENDS?: string;
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
