import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import type { VolunteerState } from '../../../shared/federation/volunteer/volunteer-state.ts';
import type { ItemTable } from './item-table.ts';
import type { StoredCore, StoredState } from './stored-state.ts';
import {
  isOldCore,
  type OldCore,
  type OldVolunteer,
  upgradeCore,
  upgradeVolunteer,
} from './upgrade-state.ts';

/** Kinds of row in which older releases kept the state and the view, one row for each volunteer, lease and round. */
const OLD_KINDS = ['core', 'volunteer', 'lease', 'view', 'view-round', 'view-volunteer'];

/** The state as an older release kept it. Null if none did. */
export function readOldState(items: ItemTable): StoredState | null {
  const core = items.get<StoredCore | OldCore>('core');
  if (!core) return null;
  const leases = Object.values(items.all<LeaseState>('lease'));
  if (!isOldCore(core))
    return { core, volunteers: Object.values(items.all<VolunteerState>('volunteer')), leases };
  const volunteers = items.all<OldVolunteer>('volunteer');
  return {
    core: upgradeCore(core),
    volunteers: Object.values(volunteers).map(upgradeVolunteer),
    leases,
  };
}

/** The view is made anew of the ledger. */
export function dropOldState(items: ItemTable): void {
  for (const kind of OLD_KINDS) items.deleteAll(kind);
}
