import type { Visibility } from '../../shared/protocol/visibility.ts';
import { ItemTable } from './store/item-table.ts';

const UNLISTED = 'unlisted';

/** Whether the list of runs shows this one to everybody. One of an older release is shown, as it was. */
export class ListingMark {
  private readonly items: ItemTable;
  private isUnlisted: boolean;

  constructor(sql: SqlStorage) {
    this.items = new ItemTable(sql);
    this.isUnlisted = this.items.get<boolean>(UNLISTED) ?? false;
  }

  get visibility(): Visibility {
    return this.isUnlisted ? 'unlisted' : 'public';
  }

  put(visibility: Visibility): void {
    if (visibility === this.visibility) return;
    this.isUnlisted = visibility === 'unlisted';
    if (this.isUnlisted) this.items.put(UNLISTED, '', true);
    else this.items.delete(UNLISTED, '');
  }
}
