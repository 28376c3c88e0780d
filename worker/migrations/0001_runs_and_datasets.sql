-- Earlier versions of the Worker made these tables by themselves: on a database of theirs there is nothing to do.
CREATE TABLE IF NOT EXISTS runs (
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
);

CREATE TABLE IF NOT EXISTS datasets (
  name TEXT PRIMARY KEY,
  dataset TEXT NOT NULL,
  createdAt INTEGER NOT NULL
);
