import type { RowChanges } from '../../shared/federation/tables/table.ts';

/**
 * Rows of plain JSON by kind and id. What grows with a run lies in rows of its own, since SQLite takes no row of more
 * than 2 MB. Only what changed is written.
 */
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

  /** Deletes first: what was deleted and put again has another place in the order. */
  putChanges<Row extends { readonly id: string }>(kind: string, { put, deleted }: RowChanges<Row>): void {
    for (const id of deleted) this.sql.exec('DELETE FROM item WHERE kind = ? AND id = ?', kind, id);
    for (const row of put) this.put(kind, row.id, row);
  }

  /** Writes each item that is another object than before, and deletes what is gone. */
  putChanged<T>(kind: string, before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): void {
    if (before === after) return;
    for (const [id, value] of Object.entries(after)) if (before[id] !== value) this.put(kind, id, value);
    for (const id of Object.keys(before))
      if (after[id] === undefined) this.sql.exec('DELETE FROM item WHERE kind = ? AND id = ?', kind, id);
  }
}
