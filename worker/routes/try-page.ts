import { type Context, Hono } from 'hono';
import { TRY_PAGES } from '../../shared/protocol/paths.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { type HonoEnv, refuse } from './http.ts';

/** Of the build. */
const PAGE = '/try';

/**
 * For other sites' pages that show it in a frame. Nothing on it acts for a host, so nobody gains by a click led astray.
 * @param connects from where it may load what it shows
 */
const headersOf = (connects: string): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src ${connects}`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "object-src 'none'",
    'frame-ancestors *',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'cross-origin-resource-policy': 'cross-origin',
});

/** Without the caller's headers: a page that a browser has kept may have others. */
async function tryPageWith(c: Context<HonoEnv>, connects: string): Promise<Response> {
  const page = await c.env.PAGES?.fetch(new URL(PAGE, c.req.url));
  if (!page?.ok) return refuse(c, refused('not-found', c.req.path));
  const headers = new Headers(page.headers);
  headers.delete('etag');
  for (const [name, value] of Object.entries(headersOf(connects))) headers.set(name, value);
  return new Response(page.body, { headers });
}

/** The pages on which a network is tried: a run's, or one that lies anywhere. */
export const tryPages = new Hono<HonoEnv>()
  .get(TRY_PAGES, c => tryPageWith(c, "'self' https: http:"))
  .get(`${TRY_PAGES}:run`, c => tryPageWith(c, "'self'"));
