/**
 * The tables of the directory, and how they came to be as they are. The Worker applies what a database has not had yet, so
 * nobody has to do that before or after a deployment. A change that was ever released stays as it is: a new one is added at
 * the end.
 */
export interface TableChange {
  readonly name: string;
  readonly statements: readonly string[];
}

export const tableChanges: readonly TableChange[] = [
  {
    name: '0001_runs_and_datasets.sql',
    // The first Workers made these tables by themselves: on a database of theirs there is nothing to do.
    statements: [
      `CREATE TABLE IF NOT EXISTS runs (
        run TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        model TEXT NOT NULL,
        plan TEXT NOT NULL,
        dataset TEXT NOT NULL,
        phase TEXT NOT NULL,
        round INTEGER NOT NULL,
        rounds INTEGER NOT NULL,
        accuracy REAL,
        createdAt INTEGER NOT NULL
      )`,
      `CREATE TABLE IF NOT EXISTS datasets (
        name TEXT PRIMARY KEY,
        dataset TEXT NOT NULL,
        createdAt INTEGER NOT NULL
      )`,
    ],
  },
  {
    name: '0002_order_of_listings.sql',
    // As of which ledger entry a run's line is. An older line never replaces a newer one, in whatever order they arrive.
    statements: ['ALTER TABLE runs ADD COLUMN seq INTEGER NOT NULL DEFAULT 0'],
  },
  {
    name: '0003_dates_and_deletion.sql',
    statements: [
      // When a run was opened and finished, whether it is archived, and how many volunteers were there when it was written.
      'ALTER TABLE runs ADD COLUMN openedAt INTEGER',
      'ALTER TABLE runs ADD COLUMN finishedAt INTEGER',
      'ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE runs ADD COLUMN here INTEGER',
      'ALTER TABLE runs ADD COLUMN writtenAt INTEGER NOT NULL DEFAULT 0',
      // Runs that their hosts have deleted. A line that was on its way must not come back.
      'CREATE TABLE deleted_runs (run TEXT PRIMARY KEY, deletedAt INTEGER NOT NULL) WITHOUT ROWID',
      // Who names which uploaded blob: runs, and data sets. Earlier uploads are in no such table, and never go.
      `CREATE TABLE blob_names (
        sha256 TEXT NOT NULL,
        owner TEXT NOT NULL,
        PRIMARY KEY (sha256, owner)
      ) WITHOUT ROWID`,
      'CREATE INDEX blob_names_by_owner ON blob_names (owner)',
    ],
  },
  {
    name: '0004_tested_versions.sql',
    statements: [
      // The newest version, the last one that was trained and judged with its accuracy (JSON), and whether the run is ending.
      'ALTER TABLE runs ADD COLUMN version INTEGER',
      'ALTER TABLE runs ADD COLUMN tested TEXT',
      'ALTER TABLE runs ADD COLUMN closing INTEGER NOT NULL DEFAULT 0',
    ],
  },
  {
    name: '0005_keys_of_data_sets.sql',
    // The SHA-256 of the key with which whoever uploaded a data set can delete it. An earlier upload has none.
    statements: ['ALTER TABLE datasets ADD COLUMN keyHash TEXT'],
  },
  {
    name: '0006_unlisted_runs.sql',
    // Whether only those find the run in the list who know of it. Runs of before stay as they were.
    statements: ['ALTER TABLE runs ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0'],
  },
  {
    name: '0007_sizes_of_data_sets.sql',
    // What the list says of a data set (JSON), and how long its description is. Those of before get theirs when they are listed.
    statements: [
      'ALTER TABLE datasets ADD COLUMN summary TEXT',
      'ALTER TABLE datasets ADD COLUMN characters INTEGER NOT NULL DEFAULT 0',
    ],
  },
];
