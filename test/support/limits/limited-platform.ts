import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { build, type Rollup } from 'vite';
import * as z from 'zod';
import { storageOptions } from '../../../client/headless/local-platform/data-folder.ts';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { freePort } from '../free-port.ts';
import { type HeapWatch, watchHeap } from '../watch-heap.ts';
import { HEAP_MB, type Seen } from './platform-limits.ts';

const BUNDLE = 'index.js';

/** Where the watcher tells what it has seen. Nothing of the API lies there. */
const SEEN_PATH = '/seen';

const dist = join(packageRoot, 'dist/worker');

const declaredSchema = z.object({
  durableObjects: z.record(z.string(), z.object({ className: z.string() })),
  compatibilityFlags: z.array(z.string()),
});

/** The watcher in one file that imports the bundle beside it. */
async function buildWatcher(classes: readonly string[]): Promise<string> {
  const entry = `
import app, * as worker from '${BUNDLE}';
import { asInvocation, seen, watchedClass, watchedEnv } from '${join(packageRoot, 'test/support/limits/watch-limits.ts')}';
export * from '${BUNDLE}';
${classes.map(name => `export const ${name} = watchedClass(worker.${name}, '${name}');`).join('\n')}
const routeOf = ({ method, url }) =>
  method + ' ' + new URL(url).pathname.replaceAll(/[0-9a-f]{64}|(?<=\\/(?:runs|leases|volunteers)\\/)[^/]+/g, ':x');
export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname === '${SEEN_PATH}'
      ? Response.json(seen())
      : asInvocation(routeOf(request), () => app.fetch(request, watchedEnv(env), context)),
};`;
  const built = await build({
    ...{ configFile: false, logLevel: 'error', ssr: { noExternal: true, target: 'webworker' } },
    plugins: [
      {
        ...{ name: 'entry', enforce: 'pre' },
        resolveId: id => (id === 'watcher' ? id : null),
        load: id => (id === 'watcher' ? entry : null),
      },
    ],
    build: {
      ...{ ssr: true, write: false, target: 'es2022' },
      rollupOptions: { input: 'watcher', external: [BUNDLE, /^cloudflare:/, /^node:/] },
    },
  });
  return ((Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput).output[0].code;
}

/**
 * The bundle that `wrangler deploy --dry-run` has made, byte for byte, on a workerd whose isolates may have no more memory than
 * on Cloudflare. A watcher around it notes what each invocation asks for.
 */
export class LimitedPlatform {
  readonly client: HomeroomClient;
  readonly heap: HeapWatch;
  private readonly miniflare: Miniflare;
  private readonly folder: string;

  private constructor(miniflare: Miniflare, origin: string, heap: HeapWatch, folder: string) {
    [this.miniflare, this.client, this.heap, this.folder] = [
      miniflare,
      new HomeroomClient(origin),
      heap,
      folder,
    ];
  }

  /**
   * @param bindings those that wrangler.toml does not have
   * @param hasR2 whether the account has enabled R2
   */
  static async start(bindings: Readonly<Record<string, string>>, hasR2: boolean): Promise<LimitedPlatform> {
    const text = await readFile(join(dist, 'description.json'), 'utf8');
    const { assets: _, modulesRules: __, r2Buckets, ...declared } = JSON.parse(text).options;
    const { durableObjects, compatibilityFlags } = declaredSchema.parse(declared);
    const folder = await mkdtemp(join(tmpdir(), 'homeroom-limits-'));
    const inspectorPort = await freePort();
    const miniflare = withSmallHeaps(
      async () =>
        new Miniflare({
          ...{ ...declared, ...storageOptions(folder), inspectorPort, cf: false },
          ...(hasR2 && { r2Buckets }),
          compatibilityFlags: [...compatibilityFlags, 'nodejs_als'],
          bindings: { ...declared.bindings, ...bindings },
          modules: [
            {
              type: 'ESModule',
              path: 'watcher.js',
              contents: await buildWatcher(Object.values(durableObjects).map(({ className }) => className)),
            },
            { type: 'ESModule', path: 'index.js', contents: await readFile(join(dist, 'index.js'), 'utf8') },
          ],
        }),
    );
    const started = await miniflare;
    const { origin } = await started.ready;
    return new LimitedPlatform(started, origin, await watchHeap(inspectorPort), folder);
  }

  async seen(): Promise<Seen> {
    return (await fetch(this.client.origin + SEEN_PATH)).json() as Promise<Seen>;
  }

  async remove(): Promise<void> {
    this.heap.end();
    await this.miniflare.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Miniflare passes these on to V8. An isolate that needs more ends the process. */
async function withSmallHeaps(start: () => Promise<Miniflare>): Promise<Miniflare> {
  const { MINIFLARE_WORKERD_V8_FLAGS: before } = process.env;
  process.env.MINIFLARE_WORKERD_V8_FLAGS = `--max-heap-size=${HEAP_MB}`;
  try {
    const miniflare = await start();
    await miniflare.ready;
    return miniflare;
  } finally {
    if (before === undefined) delete process.env.MINIFLARE_WORKERD_V8_FLAGS;
    else process.env.MINIFLARE_WORKERD_V8_FLAGS = before;
  }
}
