import type { RunState } from '../../shared/federation/run-state.ts';
import type { LiveView, ViewCore } from '../../shared/view/live-view.ts';
import type { Chores } from './chores.ts';
import type { HostDesk } from './host-desk.ts';
import type { KeyRing } from './key-ring.ts';
import type { RunIdentity } from './store/run-store.ts';

/** All that a run is while its object is awake. */
export interface OpenRun {
  readonly identity: RunIdentity;
  readonly chores: Chores;
  readonly keys: KeyRing;
  readonly desk: HostDesk;
  state: RunState;
  readonly live: LiveView;
}

/** What the relays are told by. */
export const tellingOf = ({ identity: { run, config }, live }: OpenRun) => ({
  run,
  minVolunteers: config.spec.policy.minVolunteers,
  live,
});

/** Whether the directory shows something else now. */
export const isListedAnew = (before: ViewCore, after: ViewCore): boolean =>
  before.phase !== after.phase || before.round !== after.round || before.accuracy !== after.accuracy;
