/**
 * What Cloudflare's platform allows on the plan that costs nothing, as its documents say:
 * W https://developers.cloudflare.com/workers/platform/limits/
 * S https://developers.cloudflare.com/changelog/post/2026-02-11-subrequests-limit/
 * O https://developers.cloudflare.com/durable-objects/platform/limits/ (SQL storage limits)
 * D https://developers.cloudflare.com/d1/platform/limits/
 * R https://developers.cloudflare.com/workers/runtime-apis/rpc/ (Limitations)
 */
export const platformLimits = {
  /** W, Subrequests: requests to the Internet by one invocation. */
  fetches: 50,
  /** S: calls of Cloudflare's own services by one invocation. Every call of a binding or an object is counted here. */
  services: 1_000,
  /** D, Queries per Worker invocation. Each statement of a batch is counted here. */
  queries: 50,
  /** W, Simultaneous open connections: those that wait for a reply at the same time. */
  connections: 6,
  /** O and D, Maximum string, BLOB or table row size. All that one statement binds is counted here. */
  rowBytes: 2_000_000,
  /** O and D, Maximum bound parameters per query. */
  parameters: 100,
  /** O and D, Maximum SQL statement length. */
  statementBytes: 100_000,
  /** R: what is passed to an object or comes back, without streams. */
  callBytes: 32 * 1024 * 1024,
} as const;

export type Figure = keyof typeof platformLimits;

/** W, Memory: of an isolate. */
export const HEAP_MB = 128;

/** W, Worker size: after compression. */
export const WORKER_BYTES = 3_000_000;

/** The most that was seen of a figure, and where. */
export interface Most {
  readonly value: number;
  readonly where: string;
}

export interface Seen {
  readonly most: Readonly<Partial<Record<Figure, Most>>>;
  /** How many invocations there were. */
  readonly invocations: number;
  /** How long each kind of invocation has run in one go at most before its first wait, in ms. It is told, and bound by nothing. */
  readonly slicesMs: Readonly<Record<string, number>>;
}
