/** A longer text is not kept in memory. It is read seldom. */
const KEPT_LENGTH = 1_000;

/** A few values by name, as JSON in a table of an object's SQLite. An object that never kept one has no table. */
export class SettingTable {
  private readonly sql: SqlStorage;
  private readonly table: string;
  private readonly onCreate: () => void;
  private isThere: boolean;
  private isClosed = false;
  /** As the rows say it, null if there is none. A busy object asks for some of them at every call. */
  private readonly known = new Map<string, string | null>();

  /**
   * @param table its name, of letters alone
   * @param onCreate when the object begins to keep something here
   */
  constructor(sql: SqlStorage, table: string, onCreate: () => void = () => {}) {
    [this.sql, this.table, this.onCreate] = [sql, table, onCreate];
    this.isThere = sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', table).toArray().length > 0;
  }

  /** Whether the object keeps anything here. */
  get exists(): boolean {
    return this.isThere;
  }

  /** Null if it was never put. */
  get<T>(name: string): T | null {
    const known = this.known.get(name);
    const json = known === undefined ? this.read(name) : known;
    this.know(name, json);
    return json === null ? null : JSON.parse(json);
  }

  /** All that the object keeps is about to be deleted. A call that is still under way leaves nothing behind. */
  close(): void {
    this.isClosed = true;
  }

  /** To replace a row would cost three. */
  put(name: string, value: unknown): void {
    if (this.isClosed) return;
    if (!this.isThere) {
      this.sql.exec(`CREATE TABLE IF NOT EXISTS ${this.table} (name TEXT PRIMARY KEY, json TEXT NOT NULL)`);
      this.onCreate();
    }
    const json = JSON.stringify(value);
    this.sql.exec(
      `INSERT INTO ${this.table} (name, json) VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json`,
      ...[name, json],
    );
    this.isThere = true;
    this.know(name, json);
  }

  /** A transaction was rolled back, so the rows say something else now. */
  forget(): void {
    this.known.clear();
  }

  private read(name: string): string | null {
    if (!this.isThere) return null;
    const [row] = this.sql
      .exec<{ json: string }>(`SELECT json FROM ${this.table} WHERE name = ?`, name)
      .toArray();
    return row?.json ?? null;
  }

  private know(name: string, json: string | null): void {
    if ((json?.length ?? 0) <= KEPT_LENGTH) this.known.set(name, json);
    else this.known.delete(name);
  }
}
