import type { RunState } from '../../shared/federation/run-state.ts';
import type { CohortCalls } from './cohort-calls.ts';
import { ItemTable } from './store/item-table.ts';
import type { RunIdentity } from './store/run-store.ts';

const UNTOLD = 'unbarred';

/**
 * [KEY2] Whom the cohorts have yet to refuse. A removed volunteer's lease tokens are good without the coordinator. So this
 * is stored with the removal, and told until every cohort has heard it: whoever asked for it may be gone by then.
 */
export class Barring {
  private readonly items: ItemTable;
  private readonly identity: RunIdentity;
  private readonly cohorts: CohortCalls;
  private untold: readonly string[];

  constructor(sql: SqlStorage, identity: RunIdentity, cohorts: CohortCalls) {
    [this.items, this.identity, this.cohorts] = [new ItemTable(sql), identity, cohorts];
    this.untold = this.items.get<string[]>(UNTOLD) ?? [];
  }

  get isOwing(): boolean {
    return this.untold.length > 0;
  }

  /** In the turn in which they are removed. */
  note(volunteers: readonly string[]): void {
    this.write([...new Set([...this.untold, ...volunteers])]);
  }

  /** @throws if a cohort did not hear it. Then it is told later */
  async tell(state: RunState): Promise<void> {
    const asked = this.untold;
    // A removal that was refused bars nobody.
    const removed = asked.filter(id => state.volunteers.get(id)?.isRemoved);
    if (removed.length > 0) await this.cohorts.bar(this.identity, state, removed);
    const told = new Set(asked);
    this.write(this.untold.filter(id => !told.has(id)));
  }

  private write(untold: readonly string[]): void {
    this.untold = untold;
    if (untold.length > 0) this.items.put(UNTOLD, '', untold);
    else this.items.delete(UNTOLD, '');
  }
}
