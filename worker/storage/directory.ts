import type { RunListing } from '../../shared/protocol/run-list.ts';
import { type TestedView, testedViewSchema } from '../../shared/protocol/run-view.ts';
import { withTables } from './bring-up-to-date.ts';

/**
 * The directory in D1: which runs this deployment has. `dataset-directory` has its data sets, `directory-tables` its
 * tables. The
 * coordinator of a run has the truth about it.
 */

/** The newest so many are listed. */
export const LISTED = 200;

/** A line is written anew before that, as long as somebody is here. If it is older, its run has failed. */
const HERE_LASTS_MS = 720_000;

interface RunRow extends Omit<RunListing, 'archived' | 'unlisted' | 'version' | 'tested' | 'closing'> {
  readonly archived: number;
  readonly unlisted: number;
  readonly version: number | null;
  readonly tested: string | null;
  readonly closing: number;
  readonly seq: number;
  readonly writtenAt: number;
}

export interface ListWish {
  /** Whether runs in the archive are listed too. */
  readonly archived: boolean;
  /** Whether those that are not public are listed too. */
  readonly unlisted: boolean;
  /** Runs that the caller knows of. They are listed in any case, but for the archive. */
  readonly known: readonly string[];
}

/** The newest public runs, and those that the caller knows of. */
export async function listRuns(
  database: D1Database,
  { archived, unlisted, known }: ListWish,
  now: number,
): Promise<RunListing[]> {
  await withTables(database);
  const newest = database
    .prepare(
      `SELECT * FROM (SELECT * FROM runs WHERE archived <= ?1 AND unlisted <= ?2 ORDER BY createdAt DESC LIMIT ?3)
       UNION SELECT * FROM runs WHERE archived <= ?1 AND run IN (SELECT value FROM json_each(?4))
       ORDER BY createdAt DESC`,
    )
    .bind(archived ? 1 : 0, unlisted ? 1 : 0, LISTED, JSON.stringify(known));
  return (await newest.all<RunRow>()).results.map(row => listingOf(row, now));
}

function listingOf({ seq: _, writtenAt, archived, unlisted, here, ...row }: RunRow, now: number): RunListing {
  const { version, tested, closing, ...rest } = row;
  return {
    ...rest,
    // A line that an older release wrote tells no version.
    ...(version !== null && { version, tested: tested === null ? null : readTested(tested) }),
    ...(closing === 1 && { closing: true }),
    archived: archived === 1,
    ...(unlisted === 1 && { unlisted: true }),
    here: here !== null && here > 0 && now - writtenAt > HERE_LASTS_MS ? 0 : here,
  };
}

const readTested = (json: string): TestedView => testedViewSchema.parse(JSON.parse(json));

/** Whether there is such a run, or was one. */
export async function findRun(database: D1Database, run: string): Promise<'listed' | 'deleted' | null> {
  await withTables(database);
  const query = `SELECT 'listed' AS found FROM runs WHERE run = ?1
    UNION ALL SELECT 'deleted' FROM deleted_runs WHERE run = ?1`;
  const row = await database.prepare(query).bind(run).first<{ found: 'listed' | 'deleted' }>();
  return row?.found ?? null;
}

/** [KEY7] Takes a run's line away for good. To repeat it does no harm. */
export async function unlistRun(database: D1Database, run: string, now: number): Promise<void> {
  await withTables(database);
  await database.batch([
    database.prepare('INSERT OR IGNORE INTO deleted_runs (run, deletedAt) VALUES (?, ?)').bind(run, now),
    database.prepare('DELETE FROM runs WHERE run = ?').bind(run),
  ]);
}

/**
 * A run's line, made or brought up to date. To repeat it does no harm, and an older line changes nothing.
 * @param seq the ledger entry as of which it is
 * @param writtenAt tells the newer of two lines as of one entry
 */
export async function listRun(
  database: D1Database,
  run: RunListing,
  seq: number,
  writtenAt: number,
): Promise<void> {
  await withTables(database);
  await database
    .prepare(
      `INSERT INTO runs (run, name, model, plan, dataset, phase, round, rounds, accuracy, createdAt, seq,
         openedAt, finishedAt, archived, here, writtenAt, version, tested, closing, unlisted)
       SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20
       WHERE NOT EXISTS (SELECT 1 FROM deleted_runs WHERE run = ?1)
       ON CONFLICT (run) DO UPDATE SET phase = excluded.phase, round = excluded.round, accuracy = excluded.accuracy,
         seq = excluded.seq, openedAt = excluded.openedAt, finishedAt = excluded.finishedAt,
         archived = excluded.archived, here = excluded.here, writtenAt = excluded.writtenAt,
         version = excluded.version, tested = excluded.tested, closing = excluded.closing,
         unlisted = excluded.unlisted
       WHERE excluded.seq > runs.seq OR (excluded.seq = runs.seq AND excluded.writtenAt >= runs.writtenAt)`,
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
      run.openedAt,
      run.finishedAt,
      run.archived ? 1 : 0,
      run.here,
      writtenAt,
      run.version ?? null,
      run.tested ? JSON.stringify(run.tested) : null,
      run.closing ? 1 : 0,
      run.unlisted ? 1 : 0,
    )
    .run();
}

/** The next run in the order of their ids. Null after the last. */
export async function runAfter(database: D1Database, run: string): Promise<string | null> {
  await withTables(database);
  const query = database.prepare('SELECT run FROM runs WHERE run > ? ORDER BY run LIMIT 1').bind(run);
  return (await query.first<{ run: string }>())?.run ?? null;
}

/** The names of those that are listed. */
export async function namesOfRuns(
  database: D1Database,
  runs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  await withTables(database);
  const query = 'SELECT run, name FROM runs WHERE run IN (SELECT value FROM json_each(?))';
  const rows = await database.prepare(query).bind(JSON.stringify(runs)).all<{ run: string; name: string }>();
  return new Map(rows.results.map(({ run, name }) => [run, name]));
}

/** [KEY7] Nobody has a line of them on its way any more. */
export async function forgetDeletedRuns(database: D1Database, deletedBefore: number): Promise<void> {
  await withTables(database);
  await database.prepare('DELETE FROM deleted_runs WHERE deletedAt < ?').bind(deletedBefore).run();
}
