/** What a relay keeps: who it is, which it knows only from requests, and whom it told to be here. */
export class RelayRows {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  /** Null if it was never put. A relay that nobody sat in has no table. */
  get<T>(name: string): T | null {
    if (!this.exists()) return null;
    const [row] = this.sql.exec<{ json: string }>('SELECT json FROM relay WHERE name = ?', name).toArray();
    return row ? JSON.parse(row.json) : null;
  }

  put(name: string, value: unknown): void {
    this.sql.exec('CREATE TABLE IF NOT EXISTS relay (name TEXT PRIMARY KEY, json TEXT NOT NULL)');
    this.sql.exec('INSERT OR REPLACE INTO relay (name, json) VALUES (?, ?)', name, JSON.stringify(value));
  }

  private exists(): boolean {
    return this.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'relay'").toArray().length > 0;
  }
}
