import type { Context, MiddlewareHandler } from 'hono';
import { refused } from '../../shared/protocol/refusals.ts';
import { type HonoEnv, refuse } from '../routes/http.ts';
import { isOwnOrigin } from './own-names.ts';

/** They change nothing, and CORS keeps other sites from reading the response. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What a browser says of a page that is ours, and of what a person has typed. */
const OWN_SITES: readonly string[] = ['same-origin', 'none'];

/**
 * A browser sends forms and opens sockets for any site that asks it to. So what changes something, and every socket, is
 * refused if it comes from a page that is not ours. A browser says from which page a call comes: in `Origin` always, in
 * `Sec-Fetch-Site` if it trusts the connection. What is no browser, such as a volunteer in Node, says neither and goes on.
 *
 * hono's own `csrf` looks at forms alone. It lets in JSON and sockets of any site, and it keeps out a call without a type
 * that is no browser's.
 */
export const ownPages: MiddlewareHandler<HonoEnv> = async (c, next) => {
  const isSocket = c.req.header('upgrade') !== undefined;
  if ((SAFE_METHODS.includes(c.req.method) && !isSocket) || isOurs(c)) return next();
  return refuse(c, refused('other-site'));
};

function isOurs(c: Context<HonoEnv>): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && !OWN_SITES.includes(site)) return false;
  const origin = c.req.header('origin');
  return origin === undefined || isSameHost(origin, c.req.url) || isOwnOrigin(c.env.OWN_NAMES ?? '', origin);
}

/** Host and port. A proxy may speak https where we hear http. */
const isSameHost = (origin: string, url: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === new URL(url).host;
