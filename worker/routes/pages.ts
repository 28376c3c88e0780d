import { type Context, Hono } from 'hono';
import { refused } from '../../shared/protocol/refusals.ts';
import { loopbackNames, nameOf } from '../doors/own-names.ts';
import { type HonoEnv, isForPeople, refuse } from './http.ts';

/** What is shown to people in place of a page that there is not. The build has it at this path. */
const NOT_FOUND_PAGE = '/404';

/** What leads to the same page at another name. */
const MOVED_PAGE = '/moved';

/** The page on which a visitor tries a network, in the build. */
const TRY_PAGE = '/try';

/**
 * For other sites' pages that show it in a frame. Nothing on it acts for a host, so nobody gains by a click led astray.
 * @param run whose network it shows. Without one, it shows an exported network, which may lie anywhere
 */
const framedHeaders = (run?: string): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src 'self'${run ? '' : ' https: http:'}`,
    "img-src 'self' data:",
    "object-src 'none'",
    'frame-ancestors *',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'cross-origin-resource-policy': 'cross-origin',
});

/**
 * The pages, as on a laptop, where every call comes here. Cloudflare serves those of a deployment, and its page of what there
 * is not, without the Worker.
 */
export const pages = new Hono<HonoEnv>()
  .get(`${TRY_PAGE}/`, framedTryPage)
  .get(`${TRY_PAGE}/:run`, framedTryPage)
  .get('*', async c => {
    if (c.req.path.startsWith('/api/')) return refuse(c, refused('not-found', c.req.path));
    const own = isForPeople(c) ? ownAddress(c) : null;
    if (own !== null) return leadThere(c, own);
    const page = await c.env.PAGES?.fetch(c.req.raw);
    return page && page.status !== 404 ? page : noSuchPage(c);
  });

/** By a page, since only what runs in the browser can take along what it has kept at the name that was called. */
async function leadThere(c: Context<HonoEnv>, own: string): Promise<Response> {
  const page = await pageAt(c, MOVED_PAGE);
  if (!page) return c.redirect(own);
  const headers = new Headers(page.headers);
  headers.delete('etag');
  headers.set('cache-control', 'no-store');
  // A parsed URL has no character that could end an attribute.
  return new Response((await page.text()).replaceAll('{address}', own), { headers });
}

async function framedTryPage(c: Context<HonoEnv>): Promise<Response> {
  const page = await pageAt(c, TRY_PAGE);
  if (!page) return noSuchPage(c);
  const headers = new Headers(page.headers);
  headers.delete('etag');
  for (const [name, value] of Object.entries(framedHeaders(c.req.param('run')))) headers.set(name, value);
  return new Response(page.body, { headers });
}

/** A page of the build. Without the caller's headers: a page that a browser has kept may have others. */
async function pageAt(c: Context<HonoEnv>, path: string): Promise<Response | null> {
  const page = await c.env.PAGES?.fetch(new URL(path, c.req.url));
  return page?.ok ? page : null;
}

/** People get a page, and programs the refusal as it is. */
async function noSuchPage(c: Context<HonoEnv>): Promise<Response> {
  const page = isForPeople(c) ? await pageAt(c, NOT_FOUND_PAGE) : null;
  return page
    ? new Response(page.body, { status: 404, headers: page.headers })
    : refuse(c, refused('not-found', c.req.path));
}

/**
 * Where the same page is by the one name that the pages of a laptop have. A browser keeps what it knows, keys of hosts too, by
 * the name in its address: a run that was made at one name would have no host at another. Null if the page is there already.
 */
function ownAddress(c: Context<HonoEnv>): string | null {
  const { PAGES_NAME } = c.env;
  const url = new URL(c.req.url);
  const name = nameOf(c.req.url);
  if (PAGES_NAME === undefined || name === PAGES_NAME || !loopbackNames.includes(name)) return null;
  const port = url.port === '' ? '' : `:${url.port}`;
  // A proxy may speak https where we hear http.
  return `//${PAGES_NAME}${port}${url.pathname}${url.search}`;
}
