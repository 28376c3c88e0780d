import { type Dataset, datasetSchema } from '../../shared/protocol/dataset.ts';
import type { RunListing } from '../../shared/protocol/messages.ts';

/**
 * The directory in D1: which runs and data sets this deployment has. worker/migrations makes its tables. The
 * coordinator of a run has the truth about it.
 */

const LISTED = 200;

export async function listRuns(database: D1Database): Promise<RunListing[]> {
  const newest = database.prepare('SELECT * FROM runs ORDER BY createdAt DESC LIMIT ?').bind(LISTED);
  return (await newest.all<RunListing>()).results;
}

export async function isRunListed(database: D1Database, run: string): Promise<boolean> {
  return (await database.prepare('SELECT 1 FROM runs WHERE run = ?').bind(run).first()) !== null;
}

/**
 * A run's line, made or brought up to date. To repeat it does no harm, and an older line changes nothing.
 * @param seq the ledger entry as of which it is
 */
export async function listRun(database: D1Database, run: RunListing, seq: number): Promise<void> {
  await database
    .prepare(
      `INSERT INTO runs (run, name, model, plan, dataset, phase, round, rounds, accuracy, createdAt, seq)
       VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (run)
       DO UPDATE SET phase = excluded.phase, round = excluded.round, accuracy = excluded.accuracy, seq = excluded.seq
       WHERE excluded.seq >= runs.seq`,
    )
    .bind(
      run.run,
      run.name,
      run.model,
      run.plan,
      run.dataset,
      run.phase,
      run.round,
      run.rounds,
      run.accuracy,
      run.createdAt,
      seq,
    )
    .run();
}

export async function listDatasets(database: D1Database): Promise<Dataset[]> {
  const rows = await database
    .prepare('SELECT dataset FROM datasets ORDER BY createdAt DESC LIMIT ?')
    .bind(LISTED)
    .all<{ dataset: string }>();
  return rows.results.map(row => datasetSchema.parse(JSON.parse(row.dataset)));
}

/**
 * Lists a data set. One of the same name with another content gives way only if it may be replaced: runs that are made later
 * by that name would train on a stranger's pictures. Runs keep the one that they were made with. To list one again changes
 * nothing.
 * @returns whether it is listed now
 */
export async function putDataset(
  database: D1Database,
  dataset: Dataset,
  now: number,
  mayReplace: boolean,
): Promise<boolean> {
  const verb = mayReplace ? 'INSERT OR REPLACE' : 'INSERT OR IGNORE';
  const { meta } = await database
    .prepare(`${verb} INTO datasets (name, dataset, createdAt) VALUES (?,?,?)`)
    .bind(dataset.name, JSON.stringify(dataset), now)
    .run();
  return (
    meta.changes > 0 || JSON.stringify(dataset) === JSON.stringify(await datasetOf(database, dataset.name))
  );
}

async function datasetOf(database: D1Database, name: string): Promise<Dataset | null> {
  const query = database.prepare('SELECT dataset FROM datasets WHERE name = ?').bind(name);
  const row = await query.first<{ dataset: string }>();
  return row && datasetSchema.parse(JSON.parse(row.dataset));
}
