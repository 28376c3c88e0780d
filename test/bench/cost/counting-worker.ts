import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { bundleWorker, workerIndex } from '../../support/bundle-worker.ts';
import type { Costs } from './cost.ts';

/** Where the Worker with counters tells what it has counted. Nothing of the API lies there. */
const COSTS_PATH = '/costs';

/** The Worker as it is, with counters around it. They are global: the Worker and its objects share them. */
const ENTRY_CODE = `
import app, * as worker from '${workerIndex}';
import { costs, countedClass, countedEnv } from '${join(packageRoot, 'test/bench/cost/count-costs.ts')}';
import { cohort, coordinator, relay } from '${join(packageRoot, 'test/bench/cost/watched-objects.ts')}';
export * from '${workerIndex}';
export const RunCoordinator = countedClass(worker.RunCoordinator, coordinator);
export const Cohort = countedClass(worker.Cohort, cohort);
export const EventRelay = countedClass(worker.EventRelay, relay);
export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname === '${COSTS_PATH}'
      ? Response.json(costs())
      : app.fetch(request, countedEnv(env, null), context),
};`;

/** Bundles the Worker with counters around it into a file that workerd runs. */
export async function buildCountingWorker(file: string): Promise<void> {
  const code = await bundleWorker(ENTRY_CODE);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}

/** @throws if the platform runs another Worker than the counting one */
export async function readCosts(origin: string): Promise<Costs> {
  const response = await fetch(origin + COSTS_PATH);
  if (!response.ok) throw new Error(`${origin} counts nothing`);
  return response.json() as Promise<Costs>;
}
