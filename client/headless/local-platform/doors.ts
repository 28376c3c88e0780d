import type { Miniflare } from 'miniflare';

/** The entrypoint of the Worker that callers reach. It needs a name: with pages, Miniflare leads the default one through Workers of its own. */
const FRONT = 'front';

/** The module that has it, and all that the Worker exports. */
export const frontModule = {
  type: 'ESModule' as const,
  path: `${FRONT}.js`,
  contents: `export * from './index.js'; export { default, default as ${FRONT} } from './index.js';`,
};

/** The binding of the pages, for which the Worker asks. */
export const PAGES = 'PAGES';

/** Also by the door that speaks https, every call comes to the Worker, which says whether it may come in. */
export const everythingToTheWorker = { invoke_user_worker_ahead_of_assets: true, has_user_worker: true };

/** Where the platform can be called. */
export interface Doors {
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
}

/**
 * Callers come straight to the Worker. Miniflare's own door leads through Workers of Miniflare's, one or three of them, which
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
