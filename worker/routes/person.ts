import { Hono } from 'hono';
import { passRequestSchema } from '../../shared/protocol/messages.ts';
import { PERSON_PAGE } from '../../shared/protocol/paths.ts';
import { refused } from '../../shared/protocol/refusals.ts';
import { checkOf, passFor } from '../coordinator/turnstile.ts';
import { type HonoEnv, readJson, refuse, respond } from './http.ts';

const TURNSTILE = 'https://challenges.cloudflare.com';

/**
 * What the page of the check may load: its own files, and what Turnstile asks for (its page "Content Security Policy").
 * Turnstile's frame does not say that it may be embedded in an isolated page, so this one is not. It holds no threads.
 * Turnstile goes by the name of the site, which `no-referrer` would hide from it.
 */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    `script-src 'self' ${TURNSTILE}`,
    `frame-src ${TURNSTILE}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'cross-origin-embedder-policy': 'unsafe-none',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cache-control': 'no-store',
};

/** [CROWD8] The page of the check, which is there only if the deployment has a check. */
export const personPage = new Hono<HonoEnv>().get(PERSON_PAGE, async c => {
  const hasCheck = checkOf(c.env).checksWith !== undefined;
  // Without the caller's headers: a page that a browser has kept may have others.
  const page = hasCheck ? await c.env.PAGES?.fetch(new URL(PERSON_PAGE, c.req.url)) : undefined;
  if (!page?.ok) return refuse(c, refused('not-found', c.req.path));
  const headers = new Headers(page.headers);
  headers.delete('etag');
  for (const [name, value] of Object.entries(pageHeaders)) headers.set(name, value);
  return new Response(page.body, { headers });
});

/** [CROWD8] A pass for a token of the check. */
export const passes = new Hono<HonoEnv>().post('/:run/pass', async c => {
  const request = await readJson(c.req.raw, passRequestSchema);
  if (!request.ok) return refuse(c, request);
  const address = c.req.header('cf-connecting-ip') ?? '';
  return respond(c, await passFor(c.env, c.req.param('run'), request.value, address));
});
