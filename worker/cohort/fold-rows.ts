import type { KeptProducts, SettledShard } from '../../shared/cohort/ports.ts';
import type { FoldedRole } from '../../shared/protocol/cohort-report.ts';
import { foldBlobs } from '../storage/manifest-blobs.ts';
import type { SettingTable } from '../storage/setting-table.ts';

/** What is made of closed rounds: their folds, and as much of a fold that goes on as is settled. */
export class FoldRows {
  private readonly sql: SqlStorage;
  private readonly settings: SettingTable;

  constructor(sql: SqlStorage, settings: SettingTable) {
    this.sql = sql;
    this.settings = settings;
  }

  of(round: number): FoldedRole | null {
    const [row] = this.sql.exec<{ json: string }>('SELECT json FROM folded WHERE round = ?', round).toArray();
    return row ? JSON.parse(row.json) : null;
  }

  put(round: number, result: FoldedRole): void {
    this.sql.exec(
      'INSERT INTO folded (round, json) VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
      ...[round, JSON.stringify(result)],
    );
    this.letGoUnfinished(round);
  }

  rounds(): number[] {
    const rows = this.sql.exec<{ round: number }>('SELECT round FROM folded ORDER BY round');
    return Array.from(rows, ({ round }) => round);
  }

  /** [CHECK9] The round is to be folded anew. */
  letGo(round: number): void {
    this.sql.exec('DELETE FROM folded WHERE round = ?', round);
    this.letGoUnfinished(round);
  }

  forget(round: number): void {
    this.sql.exec('DELETE FROM folded WHERE round <= ?', round);
  }

  settled(round: number): SettledShard[] {
    const rows = this.sql.exec<{ json: string }>('SELECT json FROM settled WHERE round = ?', round);
    return Array.from(rows, ({ json }): SettledShard[] => JSON.parse(json)).flat();
  }

  /** One row for all of them. What waits for the next call is written even if this one fails later. */
  keepSettled(round: number, shards: readonly SettledShard[]): void {
    this.sql.exec('INSERT INTO settled (round, json) VALUES (?, ?)', round, JSON.stringify(shards));
  }

  /** [KEY7] The shards that were made here, as far as it is known yet. Of the newest rounds nothing else may name them. */
  made(): string[] {
    const folded = this.rounds().flatMap(round => foldBlobs(this.of(round) ?? { segments: {} }));
    const rows = this.sql.exec<{ json: string }>('SELECT json FROM settled');
    const settled = Array.from(rows, ({ json }): SettledShard[] => JSON.parse(json)).flat();
    const names = settled.flatMap(({ ref, slots = {} }) => [ref, ...Object.values(slots)]);
    return [...folded, ...names.flatMap(file => file?.sha256 ?? [])];
  }

  compared(round: number): KeptProducts | null {
    const kept = this.settings.get<KeptProducts & { readonly round: number }>('compared');
    return kept?.round === round ? kept : null;
  }

  keepCompared(round: number, products: KeptProducts): void {
    this.settings.put('compared', { round, ...products });
  }

  private letGoUnfinished(round: number): void {
    if (this.compared(round)) this.settings.put('compared', null);
    if (this.settled(round).length > 0) this.sql.exec('DELETE FROM settled WHERE round <= ?', round);
  }
}
