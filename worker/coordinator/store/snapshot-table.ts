/**
 * So many values lie in a row. A volunteer, lease or round has a few hundred bytes. The cores of state and view have some
 * ten thousand, but are one value each. SQLite takes no row of more than 2 MB.
 */
const VALUES_A_ROW = 200;

/**
 * Lists of plain JSON by kind, many values in a row: the platform bills rows and not bytes. Only rows with another value
 * than before are written.
 */
export class SnapshotTable {
  private readonly sql: SqlStorage;
  /** What the rows hold, of the kinds that were read or written since the object woke. */
  private readonly kept = new Map<string, readonly unknown[]>();

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  create(): void {
    this.sql.exec(
      `CREATE TABLE IF NOT EXISTS snapshot (kind TEXT NOT NULL, place INTEGER NOT NULL, json TEXT NOT NULL,
         PRIMARY KEY (kind, place)) WITHOUT ROWID`,
    );
  }

  read<T>(kind: string): readonly T[] {
    const rows = this.sql.exec<{ json: string }>(
      'SELECT json FROM snapshot WHERE kind = ? ORDER BY place',
      kind,
    );
    const values: T[] = Array.from(rows).flatMap(({ json }) => JSON.parse(json));
    this.kept.set(kind, values);
    return values;
  }

  /** To be called in a transaction. If that fails, `forget` what was written in it. */
  write(kind: string, values: readonly unknown[]): void {
    const before = this.kept.get(kind) ?? this.read(kind);
    for (let start = 0; start < values.length; start += VALUES_A_ROW) {
      const row = values.slice(start, start + VALUES_A_ROW);
      const old = before.slice(start, start + VALUES_A_ROW);
      if (row.length === old.length && row.every((value, i) => value === old[i])) continue;
      this.sql.exec(
        'INSERT OR REPLACE INTO snapshot (kind, place, json) VALUES (?, ?, ?)',
        ...[kind, start / VALUES_A_ROW, JSON.stringify(row)],
      );
    }
    const rows = Math.ceil(values.length / VALUES_A_ROW);
    if (before.length > rows * VALUES_A_ROW)
      this.sql.exec('DELETE FROM snapshot WHERE kind = ? AND place >= ?', kind, rows);
    this.kept.set(kind, values);
  }

  forget(): void {
    this.kept.clear();
  }
}
