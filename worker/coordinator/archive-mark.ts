import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { ItemTable } from './store/item-table.ts';

const ARCHIVED = 'archived';

/** [KEY6] Whether the run is in the archive. */
export class ArchiveMark {
  private readonly items: ItemTable;
  private set: boolean;

  constructor(sql: SqlStorage) {
    this.items = new ItemTable(sql);
    this.set = this.items.get<boolean>(ARCHIVED) ?? false;
  }

  get isSet(): boolean {
    return this.set;
  }

  put(isSet: boolean): void {
    if (isSet === this.set) return;
    this.set = isSet;
    if (isSet) this.items.put(ARCHIVED, '', true);
    else this.items.delete(ARCHIVED, '');
  }

  /** Whether something in the run may change. */
  allowsChange(): Result<true> {
    return this.set ? refused('archived') : accepted(true);
  }
}
