-- When a run was opened and finished, whether it is archived, and how many volunteers were there when the line was written.
ALTER TABLE runs ADD COLUMN openedAt INTEGER;
ALTER TABLE runs ADD COLUMN finishedAt INTEGER;
ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN here INTEGER;
ALTER TABLE runs ADD COLUMN writtenAt INTEGER NOT NULL DEFAULT 0;

-- Runs that their hosts have deleted. A line that was on its way must not come back.
CREATE TABLE deleted_runs (run TEXT PRIMARY KEY, deletedAt INTEGER NOT NULL) WITHOUT ROWID;

-- Who names which uploaded blob: runs, and data sets. Earlier uploads are in no such table, and never go.
CREATE TABLE blob_names (
  sha256 TEXT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (sha256, owner)
) WITHOUT ROWID;
CREATE INDEX blob_names_by_owner ON blob_names (owner);
