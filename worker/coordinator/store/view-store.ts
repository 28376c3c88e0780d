import type { RoundView, RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { emptyView } from '../../../shared/view/apply-event.ts';
import type { SnapshotTable } from './snapshot-table.ts';

type Core = Omit<RunView, 'rounds' | 'volunteers'>;

/**
 * Snapshots of the view. They save the time to fold the ledger's older entries, and they are what is left of entries
 * that were swept.
 */
export class ViewStore {
  private readonly snapshots: SnapshotTable;

  constructor(snapshots: SnapshotTable) {
    this.snapshots = snapshots;
  }

  read(): RunView {
    const [core] = this.snapshots.read<Core>('view');
    if (!core) return emptyView();
    const volunteers = this.snapshots.read<VolunteerView>('view-volunteer');
    return {
      ...core,
      rounds: [...this.snapshots.read<RoundView>('view-round')],
      volunteers: Object.fromEntries(volunteers.map(volunteer => [volunteer.volunteer, volunteer])),
    };
  }

  write({ rounds, volunteers, ...core }: RunView): void {
    this.snapshots.write('view', [core satisfies Core]);
    this.snapshots.write('view-round', rounds);
    this.snapshots.write('view-volunteer', Object.values(volunteers));
  }
}
