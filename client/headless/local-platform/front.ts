import type { Miniflare } from 'miniflare';

/** The entrypoint of the Worker that callers reach, and the module that has it. */
const FRONT = 'front';

/**
 * Stands before the Worker as Cloudflare's router does: a path is the API's, a page's, or the Worker's to refuse. It is a
 * module of the same Worker, so nothing is passed on from one to another.
 */
export const frontModule = {
  type: 'ESModule' as const,
  path: `${FRONT}.js`,
  contents: `
    import worker from './index.js';
    export * from './index.js';
    export default worker;

    export const ${FRONT} = {
      async fetch(request, env, context) {
        const isPage = env.PAGES && !new URL(request.url).pathname.startsWith('/api/');
        const page = isPage ? await env.PAGES.fetch(request) : null;
        return page && page.status !== 404 ? page : worker.fetch(request, env, context);
      },
    };
  `,
};

/** The binding of the pages, which the front asks. */
export const PAGES = 'PAGES';

/** Where the platform can be called. */
export interface Doors {
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
}

/**
 * Callers come straight to the front. Miniflare's own door leads through Workers of Miniflare's, one or three of them, which
 * cost time at every call. They also compress what event sockets say, whatever our Worker wants, and that takes 300 kB of
 * memory for each socket. But no other door speaks https.
 */
export const doorOptions = ({ host, port, https }: Doors) =>
  https
    ? { host, port, https }
    : { host: '127.0.0.1', port: 0, unsafeDirectSockets: [{ host, port, entrypoint: FRONT }] };

/** The port on which callers come in, once Miniflare is ready. */
export const portOf = async (
  { https }: Doors,
  miniflare: Pick<Miniflare, 'ready' | 'unsafeGetDirectURL'>,
): Promise<number> =>
  Number((https ? await miniflare.ready : await miniflare.unsafeGetDirectURL(undefined, FRONT)).port);
