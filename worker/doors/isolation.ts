import type { MiddlewareHandler } from 'hono';
import type { HonoEnv } from '../routes/http.ts';
import { isOwnOrigin, loopbackNames, nameOf } from './own-names.ts';

/** By these a page is isolated from other sites, so that its threads may share memory. */
const ISOLATION = ['cross-origin-opener-policy', 'cross-origin-embedder-policy'];

/**
 * Browsers isolate secure pages only. A page that came over http from another machine they tell on its console, each time,
 * that they ignore the header. So there it is left out.
 */
export const isolation: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next();
  if (!c.res.headers.has('cross-origin-opener-policy')) return;
  // A browser says what it fetches for only if it trusts the address: a proxy may speak https where we hear http.
  if (c.req.header('sec-fetch-dest') !== undefined) return;
  if (isSecure(c.req.url, c.req.header('x-forwarded-proto'), c.env.OWN_NAMES)) return;
  for (const name of ISOLATION) c.header(name, undefined);
};

/**
 * Whether a browser sees a secure page, as far as we know: over https, at this machine's own name, or behind a proxy that
 * speaks https where we hear http.
 */
function isSecure(url: string, forwardedFrom: string | undefined, names = ''): boolean {
  const { protocol, host } = new URL(url);
  return (
    protocol === 'https:' ||
    forwardedFrom === 'https' ||
    loopbackNames.includes(nameOf(url)) ||
    isOwnOrigin(names, `https://${host}`)
  );
}
