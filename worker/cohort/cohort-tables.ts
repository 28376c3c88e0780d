/**
 * A cohort's tables. Those of an older version of this code are brought up to date, so that its runs go on.
 *
 * `returned` has what came to a lease, accepted or refused (then it has no weight). An accepted update's `round` is the one
 * that it counts in, `leased` that of its lease. The table is read in the order of its numbers and from memory otherwise
 * (`ReturnedIndex`), so it has no further index: each row that is written costs, and each entry of an index as much again.
 * The envelope stands last: what stands before it is read without it.
 */
export function createTables(sql: SqlStorage): void {
  sql.exec(`
      CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS returned (
        number INTEGER PRIMARY KEY, round INTEGER NOT NULL, leased INTEGER NOT NULL, lease TEXT NOT NULL,
        volunteer TEXT NOT NULL, examples INTEGER, weight REAL, facts TEXT, entry TEXT NOT NULL, sketch BLOB,
        object TEXT, envelope BLOB);
      CREATE TABLE IF NOT EXISTS folded (round INTEGER PRIMARY KEY, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS remembered (place INTEGER PRIMARY KEY, round INTEGER NOT NULL, json TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS settled (number INTEGER PRIMARY KEY, round INTEGER NOT NULL, json TEXT NOT NULL);
    `);
  // In older tables it stands last, behind the envelope. Their rows have none.
  if (!hasColumn(sql, 'returned', 'sketch')) sql.exec('ALTER TABLE returned ADD COLUMN sketch BLOB');
  if (!hasTable(sql, 'accepted')) return;
  if (!hasColumn(sql, 'accepted', 'facts')) addFacts(sql);
  moveIntoReturned(sql);
}

const hasTable = (sql: SqlStorage, name: string): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name).toArray().length > 0;

const hasColumn = (sql: SqlStorage, table: string, name: string): boolean =>
  sql.exec('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', table, name).toArray().length > 0;

/**
 * In the oldest tables the only facts were norms, and the only memory was of norms, as `{ trains, rounds }`. `json_object`
 * would round a norm to 15 digits, and so change the clip.
 */
function addFacts(sql: SqlStorage): void {
  sql.exec(`
    ALTER TABLE accepted ADD COLUMN facts TEXT;
    UPDATE accepted SET facts = printf('{"norm":%!.17g}', norm);
    INSERT INTO setting (name, json)
      SELECT 'memory', json_object(
        'trains', json_extract(json, '$.trains'),
        'memory', json_object('norms', json_extract(json, '$.rounds')))
      FROM setting WHERE name = 'norms' AND json_type(json, '$.rounds') = 'array';
    DELETE FROM setting WHERE name = 'norms';
  `);
}

/**
 * In older tables every update counted in its lease's round, and weighed as many examples as its lease had. What the
 * coordinator had not heard stood in an outbox of its own. It becomes rows without a weight, behind all others: the updates
 * themselves are there already. A fold had archived its round before it ended.
 */
function moveIntoReturned(sql: SqlStorage): void {
  sql.exec(`
    INSERT INTO returned (
        number, round, leased, lease, volunteer, examples, weight, facts, entry, object, envelope)
      SELECT number, round, round, lease, volunteer, weight, weight, facts, '', object, envelope FROM accepted;
    INSERT INTO setting (name, json) SELECT 'told', ifnull(max(number), 0) FROM returned;
    INSERT INTO returned (number, round, leased, lease, volunteer, entry)
      SELECT (SELECT json FROM setting WHERE name = 'told') + row_number() OVER (ORDER BY number),
        json_extract(json, '$.round'), json_extract(json, '$.round'), json_extract(json, '$.lease'),
        json_extract(json, '$.volunteer'), json
      FROM outbox;
    INSERT INTO setting (name, json) SELECT 'archivedRound', max(round) FROM folded WHERE true HAVING count(*) > 0;
    DROP TABLE accepted;
    DROP TABLE outbox;
    DROP TABLE IF EXISTS refused;
  `);
}
