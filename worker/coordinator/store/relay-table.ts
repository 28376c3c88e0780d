import type { ItemTable } from './item-table.ts';

/** What is kept of a relay, so that it is told after the coordinator has slept. */
export interface StoredRelay {
  /** Whether it wants single ledger entries. */
  readonly entries: boolean;
}

/** The relays of a run, by slot: those that are told of it now, and every slot that ever had one. */
export class RelayTable {
  private readonly items: ItemTable;
  private slots: Set<number> | null = null;

  constructor(items: ItemTable) {
    this.items = items;
  }

  /** The relays that are told of the run, by slot. */
  all(): Record<string, StoredRelay> {
    return this.items.all<StoredRelay>('relay');
  }

  keep(slot: number, relay: StoredRelay): void {
    this.items.put('relay', String(slot), relay);
    this.slots ??= new Set(this.items.get<number[]>('relay slots') ?? []);
    if (this.slots.has(slot)) return;
    this.slots.add(slot);
    this.items.put('relay slots', '', [...this.slots]);
  }

  /** Every slot that ever had a relay. */
  everySlot(): number[] {
    const told = Object.keys(this.all()).map(Number);
    return [...new Set([...(this.items.get<number[]>('relay slots') ?? []), ...told])];
  }

  drop(slot: number): void {
    this.items.delete('relay', String(slot));
  }
}
