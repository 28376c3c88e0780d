import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../client/headless/package-root.ts';

/** Where a coverage run keeps its files. */
export const COVERAGE_FOLDER = join(packageRoot, '.cache/coverage');

/** The Worker with counters. Platforms run it in place of the built one if the environment says so. */
export const COUNTED_WORKER = join(COVERAGE_FOLDER, 'worker.js');

export const COUNTS_FOLDER = join(COVERAGE_FOLDER, 'worker-counts');

/** Where the Worker tells its counts. Nothing of the API lies there. */
export const COUNTS_PATH = '/coverage';

export const isCounted = process.env.HOMEROOM_COVERAGE !== undefined;

/** Keeps what a platform has counted. They are gone when it stops. */
export async function keepCounts(origin: string): Promise<void> {
  const counts = await (await fetch(origin + COUNTS_PATH)).text();
  await mkdir(COUNTS_FOLDER, { recursive: true });
  await writeFile(join(COUNTS_FOLDER, `${randomUUID()}.json`), counts);
}
