import { type Dataset, datasetSchema } from '../../shared/protocol/dataset.ts';
import {
  type DatasetSummary,
  datasetSummarySchema,
  summaryOf,
} from '../../shared/protocol/dataset-summary.ts';
import { datasetBlobs, datasetOwner, noteNames } from './blob-names.ts';
import { withTables } from './bring-up-to-date.ts';
import { LISTED } from './directory.ts';

/** The data sets of this deployment, in D1. */

/** The newest sets by their size. A description may be a megabyte, so none is read. */
export async function listSummaries(database: D1Database): Promise<DatasetSummary[]> {
  return (await listed(database)).map(({ createdAt, summary }) => ({
    ...datasetSummarySchema.parse(JSON.parse(summary)),
    createdAt,
  }));
}

/** So many characters of whole sets are told in one list. It is what one of 10,000 parts takes. */
const MOST_CHARACTERS = 1_500_000;

/** The newest whole sets, as many as go into one reply. Releases that know no other list find their sets here. */
export async function listWhole(database: D1Database): Promise<Dataset[]> {
  let room = MOST_CHARACTERS;
  const fitting = (await listed(database)).filter(({ characters }) => {
    const fits = characters <= room;
    if (fits) room -= characters;
    return fits;
  });
  const rows = await database
    .prepare(
      `SELECT dataset FROM datasets WHERE name IN (SELECT value FROM json_each(?)) ORDER BY createdAt DESC`,
    )
    .bind(JSON.stringify(fitting.map(({ name }) => name)))
    .all<{ dataset: string }>();
  return rows.results.map(row => datasetSchema.parse(JSON.parse(row.dataset)));
}

interface ListedRow {
  readonly name: string;
  readonly createdAt: number;
  readonly summary: string;
  readonly characters: number;
}

async function listed(database: D1Database): Promise<ListedRow[]> {
  await withTables(database);
  await summariseOlder(database);
  const rows = database
    .prepare(
      `SELECT name, createdAt, summary, characters FROM datasets WHERE summary IS NOT NULL
       ORDER BY createdAt DESC LIMIT ?`,
    )
    .bind(LISTED);
  return (await rows.all<ListedRow>()).results;
}

/** A call of the Worker may ask D1 only so often. The next list summarises the rest. */
const MOST_SUMMARISED = 50;

/** Sets of releases that wrote no summary, one after another: a description may be a megabyte. It happens once. */
async function summariseOlder(database: D1Database): Promise<void> {
  const older = await database
    .prepare('SELECT name FROM datasets WHERE summary IS NULL ORDER BY createdAt DESC LIMIT ?')
    .bind(MOST_SUMMARISED)
    .all<{ name: string }>();
  for (const { name } of older.results) {
    const row = await findDataset(database, name);
    if (!row) continue;
    await database
      .prepare('UPDATE datasets SET summary = ?, characters = ? WHERE name = ? AND summary IS NULL')
      .bind(JSON.stringify(summaryOf(row.dataset)), JSON.stringify(row.dataset).length, name)
      .run();
  }
}

interface PutOptions {
  readonly now: number;
  readonly mayReplace: boolean;
  /** Of the key by which it can be deleted. Null if its uploader has none. */
  readonly keyHash: string | null;
}

/** How a data set stands in the list. */
export interface Put {
  /** Whether it is listed now, or another one of its name. */
  readonly isThere: boolean;
  /** Whether the key of this call deletes it. It may have been listed before by somebody else. */
  readonly hasKey: boolean;
}

/**
 * Lists a data set. One of the same name with another content gives way only if it may be replaced: runs that are made later
 * by that name would train on a stranger's pictures. Runs keep the one that they were made with. To list one again changes
 * nothing, not even its key.
 */
export async function putDataset(
  database: D1Database,
  dataset: Dataset,
  { now, mayReplace, keyHash }: PutOptions,
): Promise<Put> {
  await withTables(database);
  const verb = mayReplace ? 'INSERT OR REPLACE' : 'INSERT OR IGNORE';
  const json = JSON.stringify(dataset);
  await database
    .prepare(
      `${verb} INTO datasets (name, dataset, createdAt, keyHash, summary, characters) VALUES (?,?,?,?,?,?)`,
    )
    .bind(dataset.name, json, now, keyHash, JSON.stringify(summaryOf(dataset)), json.length)
    .run();
  const listed = await findDataset(database, dataset.name);
  const isThere = JSON.stringify(dataset) === JSON.stringify(listed?.dataset);
  if (isThere && dataset.kind === 'hosted')
    await noteNames(database, datasetOwner(dataset.name), datasetBlobs(dataset));
  return { isThere, hasKey: isThere && keyHash !== null && listed?.keyHash === keyHash };
}

export interface DatasetRow {
  readonly dataset: Dataset;
  readonly createdAt: number;
  readonly keyHash: string | null;
}

export async function findDataset(database: D1Database, name: string): Promise<DatasetRow | null> {
  await withTables(database);
  const query = database
    .prepare('SELECT dataset, createdAt, keyHash FROM datasets WHERE name = ?')
    .bind(name);
  const row = await query.first<{ dataset: string; createdAt: number; keyHash: string | null }>();
  return row && { ...row, dataset: datasetSchema.parse(JSON.parse(row.dataset)) };
}

/**
 * Runs that name every part of the set `?1`. One that has told no names yet, or never did, since an older release made it, is
 * known by the name of its data.
 */
const USERS = `SELECT run, name FROM runs WHERE run IN (
    SELECT substr(theirs.owner, length('run ') + 1) FROM blob_names AS mine
    JOIN blob_names AS theirs ON theirs.sha256 = mine.sha256
    WHERE mine.owner = 'dataset ' || ?1 AND theirs.owner GLOB 'run *'
    GROUP BY theirs.owner
    HAVING count(*) = (SELECT count(*) FROM blob_names WHERE owner = 'dataset ' || ?1))
  OR (dataset = ?1 AND NOT EXISTS (SELECT 1 FROM blob_names WHERE owner = 'run ' || run))`;

/** The names of the runs that were made with it and are not deleted, finished ones too: they are tried and tested with it. */
export async function usersOfDataset(database: D1Database, name: string): Promise<string[]> {
  await withTables(database);
  const rows = await database.prepare(`${USERS} ORDER BY createdAt`).bind(name).all<{ name: string }>();
  return rows.results.map(row => row.name);
}

/** What names one data set, also if another one of its name comes. */
export type DatasetMark = Pick<DatasetRow, 'createdAt'> & { readonly name: string };

/**
 * [KEY7] Takes a data set out of the list, unless a run uses it. To repeat it does no harm, and another set that has its name by
 * then stays.
 */
export async function unlistDataset(database: D1Database, { name, createdAt }: DatasetMark): Promise<void> {
  await withTables(database);
  await database.batch([
    database
      .prepare(`DELETE FROM datasets WHERE name = ?1 AND createdAt = ?2 AND NOT EXISTS (${USERS})`)
      .bind(name, createdAt),
    database
      .prepare(
        'DELETE FROM blob_names WHERE owner = ?2 AND NOT EXISTS (SELECT 1 FROM datasets WHERE name = ?1)',
      )
      .bind(name, datasetOwner(name)),
  ]);
}
