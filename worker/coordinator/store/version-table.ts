import type { Manifest } from '../../../shared/protocol/model-outline.ts';

/** The manifests of a run's versions, a row each. */
export class VersionTable {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  create(): void {
    this.sql.exec('CREATE TABLE version (version INTEGER PRIMARY KEY, json TEXT NOT NULL)');
  }

  write(manifest: Manifest): void {
    this.sql.exec(
      'INSERT OR REPLACE INTO version (version, json) VALUES (?, ?)',
      manifest.version,
      JSON.stringify(manifest),
    );
  }

  manifest(version: number): Manifest | null {
    const query = 'SELECT json FROM version WHERE version = ?';
    const [row] = this.sql.exec<{ json: string }>(query, version).toArray();
    return row ? JSON.parse(row.json) : null;
  }

  /** @throws if it is missing: a version's row is written no later than the state that names it */
  require(version: number): Manifest {
    const manifest = this.manifest(version);
    if (!manifest) throw new Error(`version ${version} is missing`);
    return manifest;
  }
}
