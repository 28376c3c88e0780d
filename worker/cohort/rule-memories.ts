import { type KeptMemory, REMEMBERED_ROUNDS, type RememberedRound } from '../../shared/cohort/ports.ts';

/**
 * What a rule remembered after each of the last rounds, one row each. Places are used again, so that nothing has to be
 * deleted: that would be billed too.
 */
export class RuleMemories {
  private readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  put(memory: KeptMemory | null, round: number): void {
    this.sql.exec(
      `INSERT INTO remembered (place, round, json) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET round = excluded.round, json = excluded.json`,
      ...[round % REMEMBERED_ROUNDS, round, JSON.stringify(memory)],
    );
  }

  /** After this round, or after the last one before it. */
  after(last: number): RememberedRound | null {
    const [row] = this.sql
      .exec<{ round: number; json: string }>(
        'SELECT round, json FROM remembered WHERE round <= ? ORDER BY round DESC LIMIT 1',
        last,
      )
      .toArray();
    return row ? { round: row.round, memory: JSON.parse(row.json) } : null;
  }
}
