import { join } from 'node:path';
import { build, type Plugin, type Rollup } from 'vite';
import { packageRoot } from '../../client/headless/package-root.ts';

/** Where the Worker begins. An entry of a test's own imports it by this path. */
export const workerIndex = join(packageRoot, 'worker/index.ts');

/**
 * Bundles the Worker behind an entry of a test's own, which may put something around it. Returns what workerd runs.
 * @param entryCode module that exports what the Worker exports
 * @throws if it is more than one file
 */
export async function bundleWorker(entryCode: string, plugins: readonly Plugin[] = []): Promise<string> {
  const built = await build({
    ...{ configFile: false, logLevel: 'error', plugins: [entryOf(entryCode), ...plugins] },
    ssr: { noExternal: true, target: 'webworker' },
    build: {
      ...{ ssr: true, write: false, target: 'es2022' },
      rollupOptions: { input: ENTRY, external: /^cloudflare:/ },
    },
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput;
  if (output.length > 1) throw new Error('the Worker is expected to be one file');
  return output[0].code;
}

const ENTRY = 'worker-of-a-test';

const entryOf = (code: string): Plugin => ({
  name: ENTRY,
  enforce: 'pre',
  resolveId: id => (id === ENTRY ? id : null),
  load: id => (id === ENTRY ? code : null),
});
