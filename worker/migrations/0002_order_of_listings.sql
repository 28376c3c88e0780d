-- As of which ledger entry a run's line is. An older line never replaces a newer one, in whatever order they arrive.
ALTER TABLE runs ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
