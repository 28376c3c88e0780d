import type { Signal } from '../../shared/protocol/frames.ts';
import { type EventSocket, openSignalSocket } from '../platform/event-socket.ts';
import { shardsAhead } from './fetch-ahead.ts';
import type { LeasePipeline } from './lease-pipeline.ts';
import type { Referee } from './referee/referee.ts';
import type { Work } from './volunteer-options.ts';

/** The run's signals and what this volunteer does about them, beside its leases. */
export interface FollowedRun extends EventSocket {
  /** How many ever joined. */
  readonly joined: number;
}

/** Hears of the run: there may be work, a round in hand may have closed, and a new version can be fetched ahead. */
export function followRun(work: Work, leases: LeasePipeline, referee: Referee): FollowedRun {
  const { options, info, identity } = work;
  const { client, run, control } = options;
  let { joined, version } = info.view;
  const hear = (signal: Signal): void => {
    const isNew = signal.version > version;
    ({ joined, version } = signal);
    if (signal.phase === 'finished') leases.endRun();
    if (signal.checking !== undefined) referee.nudge();
    if (signal.closing) leases.endTraining();
    if (signal.takenBackAt !== undefined) leases.endTakenBack(signal.takenBackAt);
    if (isNew) {
      leases.endRound(version);
      if (signal.allServed) void fetchAhead(work, version).catch(leaveToLease);
    }
    // [LEASE16] If a few places came free, some of a crowd ask for them.
    if (signal.wakes.length > 0 && Math.random() < signal.chance) control.nudge();
  };
  // A socket that is open again says that the platform is back.
  const onConnected = (isOn: boolean): void => void (isOn && client.reach.back());
  const deafen = client.reach.onBack(() => work.outbox.nudge());
  /** To ask for work tells why there is none any more. */
  const onDeleted = (): void => {
    leases.endRun();
    control.nudge();
  };
  const news = { onConnected, onDeleted };
  const socket = openSignalSocket(client, run, identity.token, info.view, hear, news);
  return {
    get joined() {
      return joined;
    },
    close: () => {
      deafen();
      socket.close();
    },
  };
}

/** A download that fails is tried again by the lease that needs it. */
const leaveToLease = (): void => {};

async function fetchAhead(work: Work, version: number): Promise<void> {
  const { options, info, identity, blobs, workLimits } = work;
  const { client, run, control } = options;
  const index = identity.index ?? info.view.volunteers[identity.volunteer]?.index ?? null;
  if (index === null || control.paused || control.isDone) return;
  const manifest = await client.version(run, version);
  await blobs.getAll(shardsAhead(info, manifest, index, workLimits), 'model');
}
