import type { StoredObject } from '../storage/bucket.ts';

/** What never changes under its name may be kept by whoever has it. */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Cloudflare's cache in front of the Worker serves it to everybody, without asking. So it keeps it for an hour only: what a
 * deleted run has left is out of reach by then. `must-revalidate` forbids the cache to serve it longer if the Worker fails.
 * Cloudflare takes this header away before anybody sees it.
 */
const AT_THE_EDGE = 'public, max-age=3600, must-revalidate';

/** Headers of a stored object whose bytes never change. */
export const immutableHeaders = ({ httpEtag }: StoredObject, bytes: number): Record<string, string> => ({
  'cache-control': FOREVER,
  'cloudflare-cdn-cache-control': AT_THE_EDGE,
  'content-length': String(bytes),
  'content-type': 'application/octet-stream',
  etag: httpEtag,
});
