import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { packageRoot } from '../../client/headless/package-root.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';

const dist = join(packageRoot, 'dist/worker');

/** By this name the Worker is called, as Cloudflare names one. */
export const WORKERS_DEV = 'https://homeroom.school.workers.dev';

/** The deployment key of it: nobody has to claim it. */
export const OWNER_KEY = 'a-key-of-the-owner-of-this-deployment';

interface Options {
  /** The Worker, if it is not the built one. */
  readonly script?: string;
  /** Whether the Worker gets calls of the pages too. */
  readonly everythingToTheWorker?: boolean;
  /** How many calls of a kind may come in ten seconds, if not as many as wrangler.toml says. Null if nothing counts them. */
  readonly rate?: number | null;
}

/**
 * The Worker as it is deployed, in memory: with the pages' routes, the rate limits and the closed creation that wrangler.toml
 * declares, called by a name of Cloudflare's. Beside it is no cache.
 */
export class DeployedPlatform {
  private readonly miniflare: Miniflare;

  constructor({
    script = readFileSync(join(dist, 'index.js'), 'utf8'),
    everythingToTheWorker = false,
    rate,
  }: Options = {}) {
    const { options } = JSON.parse(readFileSync(join(dist, 'description.json'), 'utf8'));
    const { assets, modulesRules: _, ...declared } = options;
    this.miniflare = new Miniflare({
      ...declared,
      modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
      ...(!everythingToTheWorker && { assets: { ...assets, directory: join(packageRoot, 'dist/web') } }),
      bindings: { ...declared.bindings, DEPLOYMENT_KEY: OWNER_KEY },
      ...(rate !== undefined && { ratelimits: ratesOf(Object.keys(declared.ratelimits), rate) }),
      cf: false,
    });
  }

  /** A client that reaches it by a port of this machine. */
  async client(): Promise<HomeroomClient> {
    return new HomeroomClient((await this.miniflare.ready).origin);
  }

  /** @param url whole, or a path of the deployment */
  fetch = async (url: string, init: Parameters<Miniflare['dispatchFetch']>[1] = {}) =>
    this.miniflare.dispatchFetch(new URL(url, WORKERS_DEV).href, init);

  stop = (): Promise<void> => this.miniflare.dispose();
}

const ratesOf = (names: readonly string[], limit: number | null) =>
  limit === null
    ? {}
    : Object.fromEntries(
        names.map(name => [name, { namespace_id: name, simple: { limit, period: 10 as const } }]),
      );
