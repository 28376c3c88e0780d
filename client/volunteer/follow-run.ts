import type { RunEvent } from '../../shared/protocol/events.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { applyEvent } from '../../shared/view/apply-event.ts';
import { type EventSocket, openEventSocket } from '../platform/event-socket.ts';
import { shardsAhead } from './fetch-ahead.ts';
import type { LeasePipeline } from './lease-pipeline.ts';
import type { Work } from './volunteer-options.ts';
import { mayBringWork } from './wake-up.ts';

/** The run's events and what this volunteer does about them, beside its leases. */
export interface FollowedRun extends EventSocket {
  readonly view: RunView;
}

/** Hears of the run: there may be work, a round in hand may have closed, and a new version can be fetched ahead. */
export function followRun(work: Work, leases: LeasePipeline): FollowedRun {
  const { options, info } = work;
  const { client, run, control } = options;
  let { view } = info;
  const hear = (entry: RunEvent): void => {
    view = applyEvent(view, entry);
    if (entry.event.type === 'run-finished') leases.endRun();
    if (entry.event.type === 'version-published') {
      leases.endRound(entry.event.round);
      fetchAhead(work, view, entry);
    }
    if (mayBringWork(entry, view, info.spec)) control.nudge();
  };
  const socket = openEventSocket(client, run, view.seq, heard => heard.forEach(hear));
  return {
    get view() {
      return view;
    },
    close: () => socket.close(),
  };
}

function fetchAhead({ options, info, identity, blobs }: Work, view: RunView, { at, event }: RunEvent): void {
  const { control } = options;
  if (event.type !== 'version-published' || control.paused || control.isDone) return;
  const ahead = shardsAhead(info, view, event, at, identity.volunteer);
  // A download that fails is tried again by the lease that needs it.
  blobs.getAll(ahead, 'model').catch(() => {});
}
