import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as wrangler from 'wrangler';
import type { D1Migration, WorkerDescription } from '../local-platform/worker-description.ts';
import { packageRoot } from '../package-root.ts';

/**
 * Reads wrangler.toml and the tables' migrations as wrangler does, and writes what the local platform needs of them into a
 * folder. Loading wrangler takes a second. A platform that starts from this file does not load it.
 */
function describeWorker(folder: string): void {
  const config = join(packageRoot, 'wrangler.toml');
  const description: WorkerDescription = {
    options: wrangler.unstable_getMiniflareWorkerOptions(config).workerOptions,
    migrations: readMigrations(config),
  };
  writeFileSync(join(folder, 'description.json'), JSON.stringify(description));
}

/** The migrations in the order of their names, which begin with a number of four digits. */
function readMigrations(config: string): D1Migration[] {
  const [database] = wrangler.unstable_readConfig({ config }).d1_databases;
  const folder = join(packageRoot, database?.migrations_dir ?? 'migrations');
  const names = readdirSync(folder).filter(name => name.endsWith('.sql'));
  return names.sort().map(name => ({ name, statements: statementsOf(join(folder, name)) }));
}

const statementsOf = (path: string): string[] => wrangler.unstable_splitSqlQuery(readFileSync(path, 'utf8'));

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('it takes the folder to write to');
describeWorker(folder);
