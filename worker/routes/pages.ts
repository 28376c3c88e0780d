import { Hono } from 'hono';
import { refused } from '../../shared/protocol/refusals.ts';
import { type HonoEnv, refuse } from './http.ts';

/**
 * The pages, as on a laptop, where every call comes here. Cloudflare serves those of a deployment before the Worker hears of
 * the call, and asks it for what there is not.
 */
export const pages = new Hono<HonoEnv>().get('*', async c => {
  const isPage = c.env.PAGES && !c.req.path.startsWith('/api/');
  const page = isPage ? await c.env.PAGES?.fetch(c.req.raw) : undefined;
  return page && page.status !== 404 ? page : refuse(c, refused('not-found', c.req.path));
});
