import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as wrangler from 'wrangler';
import type { WorkerDescription } from '../local-platform/worker-description.ts';
import { packageRoot } from '../package-root.ts';

/**
 * Reads wrangler.toml as wrangler does, and writes what the local platform needs of it into a folder. Loading wrangler takes a second. A platform that starts from this file does not load it.
 */
function describeWorker(folder: string): void {
  const config = join(packageRoot, 'wrangler.toml');
  const description: WorkerDescription = {
    options: withLocalDatabase(wrangler.unstable_getMiniflareWorkerOptions(config).workerOptions),
  };
  writeFileSync(join(folder, 'description.json'), JSON.stringify(description));
}

/**
 * Miniflare names the file of a database by its id. wrangler.toml has none, since that of a deployment is its account's. A
 * laptop's keeps the one that wrangler.toml had once: its list of runs lies there.
 */
const LOCAL_DATABASE_ID = '00000000-0000-0000-0000-000000000000';

type WorkerOptions = WorkerDescription['options'];

const withLocalDatabase = (options: WorkerOptions): WorkerOptions => ({
  ...options,
  d1Databases: { DIRECTORY: LOCAL_DATABASE_ID },
});

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('it takes the folder to write to');
describeWorker(folder);
