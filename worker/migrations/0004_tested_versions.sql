-- The newest version, the last one that was trained and judged with its accuracy (JSON), and whether the run comes to its end.
ALTER TABLE runs ADD COLUMN version INTEGER;
ALTER TABLE runs ADD COLUMN tested TEXT;
ALTER TABLE runs ADD COLUMN closing INTEGER NOT NULL DEFAULT 0;
