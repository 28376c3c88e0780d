/** Rows of plain JSON by kind and id: single things, and what older releases kept of the state. */
export class ItemTable {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  create(): void {
    this.sql.exec(
      'CREATE TABLE item (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id))',
    );
  }

  put(kind: string, id: string, value: unknown): void {
    this.sql.exec(
      'INSERT INTO item (kind, id, json) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json',
      kind,
      id,
      JSON.stringify(value),
    );
  }

  delete(kind: string, id: string): void {
    this.sql.exec('DELETE FROM item WHERE kind = ? AND id = ?', kind, id);
  }

  /** The one row of a kind that has no ids. */
  get<T>(kind: string): T | null {
    return this.all<T>(kind)[''] ?? null;
  }

  /**
   * In the order in which they were first put. The state had them in this order before it was stored, and decisions
   * depend on it.
   */
  all<T>(kind: string): Record<string, T> {
    const rows = this.sql.exec<{ id: string; json: string }>(
      'SELECT id, json FROM item WHERE kind = ? ORDER BY rowid',
      kind,
    );
    return Object.fromEntries(Array.from(rows, row => [row.id, JSON.parse(row.json)]));
  }

  deleteAll(kind: string): void {
    this.sql.exec('DELETE FROM item WHERE kind = ?', kind);
  }
}
