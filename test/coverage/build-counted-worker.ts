import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInstrumenter } from 'istanbul-lib-instrument';
import type { Plugin } from 'vite';
import { packageRoot } from '../../client/headless/package-root.ts';
import { bundleWorker, workerIndex } from '../support/bundle-worker.ts';
import { COUNTS_PATH } from './counted-worker.ts';

/** The Worker as it is, and its counts beside it. They are global: the Worker and its objects share them. */
const ENTRY_CODE = `
import app from '${workerIndex}';
export * from '${workerIndex}';
export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname === '${COUNTS_PATH}'
      ? Response.json(globalThis.__coverage__)
      : app.fetch(request, env, context),
};`;

/** Adds counters to the Worker's own files, before their types are removed, so that they count what people read. */
function addCounters(): Plugin {
  const instrumenter = createInstrumenter({
    parserPlugins: ['typescript'],
    esModules: true,
    // workerd makes no functions of text, by which the global object is looked for otherwise.
    coverageGlobalScope: 'globalThis',
    coverageGlobalScopeFunc: false,
  });
  const folder = join(packageRoot, 'worker/');
  const transform = (code: string, id: string): string | null =>
    id.startsWith(folder) ? instrumenter.instrumentSync(code, id) : null;
  return { name: 'add-counters', enforce: 'pre', transform };
}

/** Bundles the Worker with a counter at every statement, branch and function, into a file that workerd runs. */
export async function buildCountedWorker(file: string): Promise<void> {
  const code = await bundleWorker(ENTRY_CODE, [addCounters()]);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}
