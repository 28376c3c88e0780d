import { type Dataset, datasetSchema } from '../../shared/protocol/dataset.ts';
import type { RunListing } from '../../shared/protocol/messages.ts';

/** The directory in D1: which runs and data sets there are on this deployment. The truth of a run is its coordinator. */

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS runs (
     run TEXT PRIMARY KEY, name TEXT NOT NULL, model TEXT NOT NULL, plan TEXT NOT NULL, dataset TEXT NOT NULL,
     phase TEXT NOT NULL, round INTEGER NOT NULL, rounds INTEGER NOT NULL, accuracy REAL, createdAt INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS datasets (name TEXT PRIMARY KEY, dataset TEXT NOT NULL, createdAt INTEGER NOT NULL)`,
];

const LISTED = 200;

let prepared: Promise<unknown> | null = null;

/** Tables are made on first use in an isolate, so that a deployment needs no migration step. */
async function open(db: D1Database): Promise<D1Database> {
  prepared ??= db.batch(SCHEMA.map(statement => db.prepare(statement)));
  try {
    await prepared;
  } catch (error) {
    prepared = null;
    throw error;
  }
  return db;
}

export async function listRuns(database: D1Database): Promise<RunListing[]> {
  const db = await open(database);
  return (
    await db.prepare('SELECT * FROM runs ORDER BY createdAt DESC LIMIT ?').bind(LISTED).all<RunListing>()
  ).results;
}

/** A run's line, made or brought up to date: repeating it does no harm. */
export async function listRun(database: D1Database, run: RunListing): Promise<void> {
  const db = await open(database);
  await db
    .prepare(
      `INSERT INTO runs (run, name, model, plan, dataset, phase, round, rounds, accuracy, createdAt)
       VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (run)
       DO UPDATE SET phase = excluded.phase, round = excluded.round, accuracy = excluded.accuracy`,
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
    )
    .run();
}

export async function listDatasets(database: D1Database): Promise<Dataset[]> {
  const db = await open(database);
  const rows = await db
    .prepare('SELECT dataset FROM datasets ORDER BY createdAt DESC LIMIT ?')
    .bind(LISTED)
    .all<{ dataset: string }>();
  return rows.results.map(row => datasetSchema.parse(JSON.parse(row.dataset)));
}

/** A data set of the same name takes the older one's place in the list; runs keep the one they were made with. */
export async function putDataset(database: D1Database, dataset: Dataset, now: number): Promise<void> {
  const db = await open(database);
  await db
    .prepare('INSERT OR REPLACE INTO datasets (name, dataset, createdAt) VALUES (?,?,?)')
    .bind(dataset.name, JSON.stringify(dataset), now)
    .run();
}
