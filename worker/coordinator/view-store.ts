import type { RoundView, RunView, VolunteerView } from '../../shared/protocol/run-view.ts';
import { emptyView } from '../../shared/view/apply-event.ts';
import type { ItemTable } from './item-table.ts';

/** A snapshot is taken every so many events, so that few are left to fold on waking up. */
const EVENTS_A_SNAPSHOT = 200;

type Core = Omit<RunView, 'rounds' | 'volunteers'>;

/**
 * Snapshots of the view. They only save the time to fold the ledger's older entries. The view can always be made anew
 * from the ledger.
 */
export class ViewStore {
  private readonly storage: DurableObjectStorage;
  private readonly items: ItemTable;
  /** What the rows hold. */
  private kept: RunView = emptyView();

  constructor(storage: DurableObjectStorage, items: ItemTable) {
    this.storage = storage;
    this.items = items;
  }

  read(): RunView {
    const core = this.items.get<Core>('view');
    if (!core) return this.kept;
    const rounds = Object.entries(this.items.all<RoundView>('view-round'));
    this.kept = {
      ...core,
      rounds: rounds.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, round]) => round),
      volunteers: this.items.all<VolunteerView>('view-volunteer'),
    };
    return this.kept;
  }

  /** A snapshot that fails does no harm. The ledger holds everything, and the next one is tried some events later. */
  keep(before: RunView, after: RunView): void {
    if (Math.floor(after.seq / EVENTS_A_SNAPSHOT) === Math.floor(before.seq / EVENTS_A_SNAPSHOT)) return;
    try {
      this.storage.transactionSync(() => this.write(after));
      this.kept = after;
    } catch (error) {
      console.error('the view was not kept', error);
    }
  }

  private write({ rounds, volunteers, ...core }: RunView): void {
    this.items.put('view', '', core satisfies Core);
    this.items.putChanged('view-round', { ...this.kept.rounds }, { ...rounds });
    this.items.putChanged('view-volunteer', this.kept.volunteers, volunteers);
  }
}
