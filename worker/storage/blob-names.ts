import type { HostedDataset } from '../../shared/protocol/dataset.ts';
import type { CreateRunRequest } from '../../shared/protocol/messages.ts';
import { withTables } from './bring-up-to-date.ts';

/** [KEY7] The table in D1 of who names which uploaded blob. An upload that nobody else names goes with its run. */

export const runOwner = (run: string): string => `run ${run}`;
export const datasetOwner = (dataset: string): string => `dataset ${dataset}`;

/** In place of those that it named before. To note the same again changes nothing. */
export async function noteNames(
  database: D1Database,
  owner: string,
  names: readonly string[],
): Promise<void> {
  await withTables(database);
  await database.batch([
    database.prepare('DELETE FROM blob_names WHERE owner = ?').bind(owner),
    database
      .prepare('INSERT OR IGNORE INTO blob_names (sha256, owner) SELECT value, ?1 FROM json_each(?2)')
      .bind(owner, JSON.stringify(names)),
  ]);
}

export const forgetNames = (database: D1Database, owner: string): Promise<void> =>
  noteNames(database, owner, []);

/** Those of the list that somebody else than this owner names. */
export async function namedByOthers(
  database: D1Database,
  owner: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  await withTables(database);
  const rows = await database
    .prepare(
      `SELECT DISTINCT sha256 FROM blob_names
       WHERE owner <> ?1 AND sha256 IN (SELECT value FROM json_each(?2))`,
    )
    .bind(owner, JSON.stringify(names))
    .all<{ sha256: string }>();
  return new Set(rows.results.map(({ sha256 }) => sha256));
}

/** Of those of the list that somebody names: one who does, a data set if there is one. */
export async function ownersOf(
  database: D1Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  await withTables(database);
  const rows = await database
    .prepare(
      `SELECT sha256, min(owner) AS owner FROM blob_names
       WHERE sha256 IN (SELECT value FROM json_each(?)) GROUP BY sha256`,
    )
    .bind(JSON.stringify(names))
    .all<{ sha256: string; owner: string }>();
  return new Map(rows.results.map(({ sha256, owner }) => [sha256, owner]));
}

export const datasetBlobs = ({ train, test }: Pick<HostedDataset, 'train' | 'test'>): string[] =>
  [...train, ...test].map(({ sha256 }) => sha256);

/** What a run names from its beginning: version 0, its topologies, and its data. */
export function runBlobs({
  spec,
  model,
  segments,
}: Pick<CreateRunRequest, 'spec' | 'model' | 'segments'>): string[] {
  const shards = Object.values(segments).flatMap(list => list.map(({ sha256 }) => sha256));
  const topologies = [model.topology, ...model.segments.map(({ topology }) => topology)];
  const parts = spec.dataset.kind === 'hosted' ? datasetBlobs(spec.dataset) : [];
  return [...new Set([...shards, ...topologies, ...parts])];
}
