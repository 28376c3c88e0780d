import {
  isKnown,
  type LedgerEntry,
  ledgerEntriesSchema,
  type RunEvent,
} from '../../shared/protocol/events.ts';
import { frameSchema, type News, type Signal, VOLUNTEER_PROTOCOL } from '../../shared/protocol/frames.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { applyChanges } from '../../shared/view/view-changes.ts';
import type { HomeroomClient } from './homeroom-client.ts';
import { type Heard, ReconnectingSocket } from './reconnecting-socket.ts';

export interface EventSocket {
  close(): void;
}

type OnConnected = (isConnected: boolean) => void;

const ignore = (): void => {};

/** What a listener wants to hear of its socket. */
export interface SocketNews {
  readonly onConnected?: OnConnected;
  /** The host has deleted the run. Nothing more is heard. */
  readonly onDeleted?: () => void;
}

/**
 * Follows a run's view: as it is, then with every change, a few times a second. It comes back by itself and catches up.
 * @param view as it was last seen
 * @param onView with the latest ledger entries since the last call
 */
export function openViewSocket(
  client: HomeroomClient,
  run: string,
  view: RunView,
  onView: (view: RunView, news: News) => void,
  { onConnected = ignore, onDeleted }: SocketNews = {},
): EventSocket {
  let now = view;
  const show = (next: RunView, news: News): Heard => {
    now = next;
    onView(now, news);
    return 'news';
  };
  const hear = (message: unknown): Heard => {
    const frame = frameSchema.safeParse(message).data;
    if (frame?.type === 'view') return show(frame.view, frame);
    if (frame?.type !== 'changes') return 'nothing';
    return frame.from === now.seq ? show(applyChanges(now, frame.changes), frame) : 'gap';
  };
  return new ReconnectingSocket(client.limits, {
    url: () => client.viewUrl(run, now.seq, now.joined),
    crowd: () => now.joined,
    hear,
    onConnected,
    onDeleted,
  });
}

/**
 * A volunteer's socket. It tells the platform that the volunteer is here, and the volunteer when to act.
 * @param view as it was when the volunteer came
 * @param onSignal after a gap, the signal says that something was missed
 */
export function openSignalSocket(
  client: HomeroomClient,
  run: string,
  token: string,
  { seq, joined }: Pick<RunView, 'seq' | 'joined'>,
  onSignal: (signal: Signal) => void,
  { onConnected = ignore, onDeleted }: SocketNews = {},
): EventSocket {
  let [seen, crowd, isFirst] = [seq, joined, true];
  const hear = (message: unknown): Heard => {
    const signal = frameSchema.safeParse(message).data;
    if (signal?.type !== 'signal') return 'nothing';
    const hasMissed = isFirst && signal.seq > seen;
    [seen, crowd, isFirst] = [signal.seq, signal.joined, false];
    onSignal(hasMissed ? { ...signal, wakes: ['missed'] } : signal);
    return 'news';
  };
  return new ReconnectingSocket(client.limits, {
    url: () => client.signalUrl(run, crowd),
    protocols: [VOLUNTEER_PROTOCOL, token],
    crowd: () => crowd,
    hear,
    onDeleted,
    onConnected: isOn => {
      isFirst ||= isOn;
      onConnected(isOn);
    },
  });
}

/**
 * Follows a run's single ledger entries: everything after `after`, once and in order, but for what this release cannot
 * read. It comes back by itself and catches up; `onConnected` tells when it is on or off.
 */
export function openEventSocket(
  client: HomeroomClient,
  run: string,
  after: number,
  onEvents: (events: RunEvent[]) => void,
  { onConnected = ignore, onDeleted }: SocketNews = {},
): EventSocket {
  let [seen, isWanted] = [after, true];
  const take = (entries: readonly LedgerEntry[]): Heard => {
    const later = entries.filter(({ seq }) => seq > seen);
    const last = later.at(-1);
    if (!last || !isWanted) return 'nothing';
    seen = last.seq;
    onEvents(later.filter(isKnown));
    return 'news';
  };
  const hear = (message: unknown): Heard => take(ledgerEntriesSchema.safeParse(message).data ?? []);
  const readOn = async (): Promise<void> => {
    while (isWanted) {
      const { events, last } = await client.ledger(run, seen);
      if (take(events) === 'nothing' || seen >= last) return;
    }
  };
  const socket = new ReconnectingSocket(client.limits, {
    url: () => client.eventsUrl(run, seen),
    crowd: () => 1,
    hear,
    readOn,
    onConnected,
    onDeleted,
  });
  const close = (): void => {
    isWanted = false;
    socket.close();
  };
  return { close };
}
