import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { applyEvent } from '../../../shared/view/apply-event.ts';
import { type EventSocket, openEventSocket } from '../../platform/event-socket.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { rest } from '../../platform/rest.ts';
import { retryUntilReached } from '../../platform/retry-until-reached.ts';
import { inBursts } from './in-bursts.ts';
import { describeError } from './platform-client.ts';

/**
 * Events kept for the feed. The socket asks for as many old ones, so that a page that was just opened has a feed at
 * once.
 */
const FEED_LENGTH = 60;

/** A class of hundreds sends events faster than anybody reads. The page is drawn no more often than this. */
const FOLD_EVERY_MS = 100;

/** What never changes about a run. */
export type RunFacts = Omit<RunInfo, 'view'>;

export interface LiveRun {
  readonly facts: ReadonlySignal<RunFacts | null>;
  readonly view: ReadonlySignal<RunView | null>;
  /** The latest event is the last. */
  readonly feed: ReadonlySignal<readonly RunEvent[]>;
  /** For each segment, the version in which it last changed. */
  readonly changedIn: ReadonlySignal<Readonly<Record<string, number>>>;
  readonly isConnected: ReadonlySignal<boolean>;
  /** Why there is nothing to show. Null if nothing went wrong. */
  readonly error: ReadonlySignal<string | null>;
  close(): void;
}

/** Follows a run. It loads the view as it is now and then applies every event to it. */
export function openLiveRun(client: HomeroomClient, run: string): LiveRun {
  const shown = nothingShown();
  const closing = new AbortController();
  let socket: EventSocket | null = null;
  const bursts = inBursts<RunEvent>(FOLD_EVERY_MS, events => foldIn(shown, events));

  const start = async (): Promise<void> => {
    const { view, ...facts } = await client.run(run, closing.signal);
    const manifest = await client.version(run, view.version);
    if (closing.signal.aborted) return;
    batch(() => {
      [shown.facts.value, shown.view.value, shown.error.value] = [facts, view, null];
      shown.changedIn.value = versionsOf(manifest);
    });
    socket = openEventSocket(client, run, Math.max(0, view.seq - FEED_LENGTH), bursts.push, isOn => {
      shown.isConnected.value = isOn;
    });
  };
  const show = (error: unknown): void => {
    if (!closing.signal.aborted) shown.error.value = describeError(error);
  };
  const waiting = {
    backoff: client.limits.callRetry,
    isDone: () => closing.signal.aborted,
    onRetry: show,
    rest: (ms: number) => rest(ms, closing.signal),
  };
  retryUntilReached(waiting, start).catch(show);

  return {
    ...shown,
    close: () => {
      closing.abort();
      bursts.cancel();
      socket?.close();
    },
  };
}

const nothingShown = () => ({
  facts: signal<RunFacts | null>(null),
  view: signal<RunView | null>(null),
  feed: signal<readonly RunEvent[]>([]),
  changedIn: signal<Readonly<Record<string, number>>>({}),
  isConnected: signal(false),
  error: signal<string | null>(null),
});

const foldIn = (
  { feed, changedIn, view }: ReturnType<typeof nothingShown>,
  events: readonly RunEvent[],
): void =>
  batch(() => {
    feed.value = [...feed.value, ...events].slice(-FEED_LENGTH);
    changedIn.value = events.reduce(markChanged, changedIn.value);
    if (view.value) view.value = events.reduce(applyEvent, view.value);
  });

const versionsOf = ({ segments }: Manifest): Record<string, number> =>
  Object.fromEntries(Object.entries(segments).map(([id, { version }]) => [id, version]));

function markChanged(
  known: Readonly<Record<string, number>>,
  { event }: RunEvent,
): Readonly<Record<string, number>> {
  if (event.type !== 'version-published') return known;
  const changed = Object.entries(event.segments)
    .filter(([, shards]) => shards.length > 0)
    .map(([id]) => [id, event.version]);
  return { ...known, ...Object.fromEntries(changed) };
}
