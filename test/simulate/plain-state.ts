import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import { LeaseTable } from '../../shared/federation/lease/lease-table.ts';
import { PaceTable } from '../../shared/federation/lease/pace-table.ts';
import type { RunState } from '../../shared/federation/run-state.ts';
import { Table } from '../../shared/federation/tables/table.ts';
import { Presence } from '../../shared/federation/volunteer/presence.ts';
import type { VolunteerState } from '../../shared/federation/volunteer/volunteer-state.ts';

/** All of a state as plain JSON, to compare and to read back. */
export interface PlainState extends Omit<RunState, 'volunteers' | 'leases' | 'presence' | 'paces'> {
  readonly volunteers: readonly VolunteerState[];
  readonly leases: readonly LeaseState[];
  readonly presence: ReturnType<Presence['toJSON']>;
}

export const plainState = ({ paces: _, ...state }: RunState): PlainState => ({
  ...state,
  volunteers: state.volunteers.toJSON(),
  leases: state.leases.toJSON(),
  presence: state.presence.toJSON(),
});

/** The state that was written so. */
export const readPlain = (plain: PlainState): RunState => ({
  ...plain,
  volunteers: Table.of(plain.volunteers),
  leases: LeaseTable.of(plain.leases),
  presence: Presence.of(plain.presence),
  paces: PaceTable.of(plain.volunteers),
});

export const throughJson = (state: RunState): RunState =>
  readPlain(JSON.parse(JSON.stringify(plainState(state))));
