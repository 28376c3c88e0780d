import type { UsageKind } from '../../shared/protocol/storage-usage.ts';

/** What somebody has stored, as a walk has counted it. */
export interface Counted {
  /** As in the table of names: `run ID` or `dataset NAME`. Empty if it is nobody's. */
  readonly owner: string;
  readonly kind: UsageKind;
  readonly bytes: number;
  readonly objects: number;
}

type Row = Counted & Record<string, SqlStorageValue>;

/** Bytes and objects by owner: of the last whole walk, and of the one that is under way. */
export class UsageTable {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  /** Whatever an earlier walk left that did not come to its end is forgotten. */
  begin(): void {
    for (const table of ['counted', 'counting'])
      this.sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (owner TEXT NOT NULL, kind TEXT NOT NULL,
        bytes INTEGER NOT NULL, objects INTEGER NOT NULL, PRIMARY KEY (owner, kind)) WITHOUT ROWID`);
    this.sql.exec('DELETE FROM counting');
  }

  add(counted: Iterable<Counted>): void {
    for (const { owner, kind, bytes, objects } of counted)
      this.sql.exec(
        `INSERT INTO counting (owner, kind, bytes, objects) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET bytes = bytes + excluded.bytes, objects = objects + excluded.objects`,
        ...[owner, kind, bytes, objects],
      );
  }

  /** The walk has come to its end. */
  finish(): void {
    this.sql.exec('DELETE FROM counted');
    this.sql.exec('INSERT INTO counted SELECT * FROM counting');
    this.sql.exec('DELETE FROM counting');
  }

  /** The largest first. */
  largest(limit: number): Counted[] {
    return this.sql
      .exec<Row>('SELECT * FROM counted ORDER BY bytes DESC, owner, kind LIMIT ?', limit)
      .toArray();
  }

  total(): { readonly bytes: number; readonly objects: number } {
    return this.sql
      .exec<{ bytes: number; objects: number }>(
        'SELECT ifnull(sum(bytes), 0) AS bytes, ifnull(sum(objects), 0) AS objects FROM counted',
      )
      .one();
  }
}
