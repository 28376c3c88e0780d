import type { StoredObject } from '../storage/bucket.ts';

/** What never changes under its name may be kept by every cache. */
const FOREVER = 'public, max-age=31536000, immutable';

/** Headers of a stored object whose bytes never change. */
export const immutableHeaders = ({ httpEtag }: StoredObject, bytes: number): Record<string, string> => ({
  'cache-control': FOREVER,
  'content-length': String(bytes),
  'content-type': 'application/octet-stream',
  etag: httpEtag,
});
