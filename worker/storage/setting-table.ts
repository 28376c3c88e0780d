/** A few values by name, as JSON in a table of an object's SQLite. An object that never kept one has no table. */
export class SettingTable {
  private readonly sql: SqlStorage;
  private readonly table: string;
  private isThere: boolean;

  /** @param table its name, of letters alone */
  constructor(sql: SqlStorage, table: string) {
    this.sql = sql;
    this.table = table;
    this.isThere = sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', table).toArray().length > 0;
  }

  /** Null if it was never put. */
  get<T>(name: string): T | null {
    if (!this.isThere) return null;
    const [row] = this.sql
      .exec<{ json: string }>(`SELECT json FROM ${this.table} WHERE name = ?`, name)
      .toArray();
    return row ? JSON.parse(row.json) : null;
  }

  /** To replace a row would cost three. */
  put(name: string, value: unknown): void {
    if (!this.isThere)
      this.sql.exec(`CREATE TABLE IF NOT EXISTS ${this.table} (name TEXT PRIMARY KEY, json TEXT NOT NULL)`);
    this.sql.exec(
      `INSERT INTO ${this.table} (name, json) VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json`,
      ...[name, JSON.stringify(value)],
    );
    this.isThere = true;
  }
}
