import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin, type Rollup } from 'vite';
import { packageRoot } from '../../../client/headless/package-root.ts';
import type { Costs } from './cost.ts';

/** Where the Worker with counters tells what it has counted. Nothing of the API lies there. */
const COSTS_PATH = '/costs';

const ENTRY = 'counting-worker';

/** The Worker as it is, with counters around it. They are global: the Worker and its objects share them. */
const ENTRY_CODE = `
import app, * as worker from '${join(packageRoot, 'worker/index.ts')}';
import { costs, countedClass, countedEnv } from '${join(packageRoot, 'test/bench/cost/count-costs.ts')}';
import { cohort, coordinator } from '${join(packageRoot, 'test/bench/cost/watched-objects.ts')}';
export * from '${join(packageRoot, 'worker/index.ts')}';
export const RunCoordinator = countedClass(worker.RunCoordinator, coordinator);
export const Cohort = countedClass(worker.Cohort, cohort);
export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname === '${COSTS_PATH}'
      ? Response.json(costs())
      : app.fetch(request, countedEnv(env, null), context),
};`;

const entry: Plugin = {
  name: ENTRY,
  enforce: 'pre',
  resolveId: id => (id === ENTRY ? id : null),
  load: id => (id === ENTRY ? ENTRY_CODE : null),
};

/** Bundles the Worker with counters around it into a file that workerd runs. */
export async function buildCountingWorker(file: string): Promise<void> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [entry],
    ssr: { noExternal: true, target: 'webworker' },
    build: {
      ...{ ssr: true, write: false, target: 'es2022' },
      rollupOptions: { input: ENTRY, external: /^cloudflare:/ },
    },
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput;
  if (output.length > 1) throw new Error('the Worker is expected to be one file');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, output[0].code);
}

/** @throws if the platform runs another Worker than the counting one */
export async function readCosts(origin: string): Promise<Costs> {
  const response = await fetch(origin + COSTS_PATH);
  if (!response.ok) throw new Error(`${origin} counts nothing`);
  return response.json() as Promise<Costs>;
}
