/**
 * A cohort's tables. Those of an older version of this code are brought up to date, so that its runs go on. An update's
 * `round` is the one that it counts in, `leased` that of its lease.
 */
export function createTables(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS accepted (
        number INTEGER PRIMARY KEY AUTOINCREMENT, lease TEXT NOT NULL UNIQUE, volunteer TEXT NOT NULL,
        round INTEGER NOT NULL, leased INTEGER, examples INTEGER, weight REAL NOT NULL, facts TEXT, envelope BLOB,
        object TEXT);
      CREATE INDEX IF NOT EXISTS accepted_by_round ON accepted (round, volunteer);
      CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS folded (round INTEGER PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS refused (lease TEXT PRIMARY KEY, round INTEGER NOT NULL, count INTEGER NOT NULL);
    `);
    if (!hasColumn(storage.sql, 'facts')) addFacts(storage.sql);
    if (!hasColumn(storage.sql, 'leased')) addLeased(storage.sql);
  });
}

const hasColumn = (sql: SqlStorage, name: string): boolean =>
  sql.exec("SELECT 1 FROM pragma_table_info('accepted') WHERE name = ?", name).toArray().length > 0;

/**
 * In older tables the only facts were norms, and the only memory was of norms, as `{ trains, rounds }`. `json_object`
 * would round a norm to 15 digits, and so change the clip.
 */
function addFacts(sql: SqlStorage): void {
  sql.exec(`
    ALTER TABLE accepted ADD COLUMN facts TEXT;
    UPDATE accepted SET facts = printf('{"norm":%!.17g}', norm);
    ALTER TABLE accepted DROP COLUMN norm;
    INSERT INTO setting (name, json)
      SELECT 'memory', json_object(
        'trains', json_extract(json, '$.trains'),
        'memory', json_object('norms', json_extract(json, '$.rounds')))
      FROM setting WHERE name = 'norms' AND json_type(json, '$.rounds') = 'array';
    DELETE FROM setting WHERE name = 'norms';
  `);
}

/** In older tables every update counted in its lease's round, and weighed as many examples as its lease had. */
function addLeased(sql: SqlStorage): void {
  sql.exec(`
    ALTER TABLE accepted ADD COLUMN leased INTEGER;
    ALTER TABLE accepted ADD COLUMN examples INTEGER;
    UPDATE accepted SET leased = round, examples = weight;
  `);
}
