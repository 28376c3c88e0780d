import type { RoundView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { LiveView, type ViewCore } from '../../../shared/view/live-view.ts';
import type { SnapshotTable } from './snapshot-table.ts';

/** What lies in one row. Those who are listed are missing in rows of an older release. */
type StoredView = ViewCore & { readonly listed?: readonly string[] };

/**
 * Snapshots of the view. They save the time to fold the ledger's older entries, and they are what is left of entries
 * that were swept.
 */
export class ViewStore {
  private readonly snapshots: SnapshotTable;

  constructor(snapshots: SnapshotTable) {
    this.snapshots = snapshots;
  }

  read(): LiveView {
    const [core] = this.snapshots.read<StoredView>('view');
    if (!core) return new LiveView();
    const volunteers = this.snapshots.read<VolunteerView>('view-volunteer');
    return new LiveView({
      ...core,
      rounds: [...this.snapshots.read<RoundView>('view-round')],
      volunteers: Object.fromEntries(volunteers.map(volunteer => [volunteer.volunteer, volunteer])),
    });
  }

  write(live: LiveView): void {
    const { rounds, volunteers, ...core } = live.whole();
    this.snapshots.write('view', [{ ...core, listed: live.listed } satisfies StoredView]);
    this.snapshots.write('view-round', rounds);
    this.snapshots.write('view-volunteer', Object.values(volunteers));
  }
}
