import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { bundleWorker, workerIndex } from '../../support/bundle-worker.ts';
import { FAULTS_PATH } from './faults.ts';

const descriptionSchema = z.object({
  options: z.object({ durableObjects: z.record(z.string(), z.object({ className: z.string() })) }),
});

/** The Worker as it is, with faults around its storage and its objects. */
const entryCode = (classes: readonly (readonly [binding: string, className: string])[]): string => `
import app, * as worker from '${workerIndex}';
import { faultyClass, faultyEnv, obey } from '${join(packageRoot, 'test/bench/chaos/faulty-worker.ts')}';
export * from '${workerIndex}';
${classes.map(([binding, name]) => `export const ${name} = faultyClass(worker.${name}, '${binding}');`).join('\n')}
export default {
  fetch: (request, env, context) =>
    new URL(request.url).pathname === '${FAULTS_PATH}'
      ? obey(request, env)
      : app.fetch(request, faultyEnv(env, null), context),
};`;

/** The build has written which objects the Worker has. */
async function readClasses(): Promise<(readonly [string, string])[]> {
  const text = await readFile(join(packageRoot, 'dist/worker/description.json'), 'utf8');
  const { options } = descriptionSchema.parse(JSON.parse(text));
  return Object.entries(options.durableObjects).map(([binding, { className }]) => [binding, className]);
}

/** Bundles the Worker with faults around it. Returns the file, which workerd runs. */
export async function buildChaosWorker(): Promise<string> {
  const code = await bundleWorker(entryCode(await readClasses()));
  const file = join(packageRoot, '.cache/bench/chaos-worker.js');
  await mkdir(dirname(file), { recursive: true });
  // Others may run it meanwhile.
  await writeFile(`${file}.${process.pid}`, code);
  await rename(`${file}.${process.pid}`, file);
  return file;
}
