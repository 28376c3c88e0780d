import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { News } from '../../../shared/protocol/frames.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { isDeleted } from '../../platform/call-platform.ts';
import { type EventSocket, openViewSocket } from '../../platform/event-socket.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { retryUntilReached } from '../../platform/retry-until-reached.ts';

import { lookForNewerPage } from './newer-page.ts';

/** Events kept for the feed. */
const FEED_LENGTH = 60;

/** Names kept of volunteers who are not listed: more than a feed and the refusals can name. */
const MOST_NAMES = 200;

/** So often a socket may fail in a row before the page asks whether the run is still there. */
const MISSES_BEFORE_A_LOOK = 4;

/** What never changes about a run, but for its place in the archive. */
export type RunFacts = Omit<RunInfo, 'view'>;

export interface LiveRun {
  readonly facts: ReadonlySignal<RunFacts | null>;
  readonly view: ReadonlySignal<RunView | null>;
  /** The latest event is the last. */
  readonly feed: ReadonlySignal<readonly RunEvent[]>;
  /** Names of volunteers in the feed whom the view does not list. */
  readonly names: ReadonlySignal<Readonly<Record<string, string>>>;
  /** For each segment, the version in which it last changed. */
  readonly changedIn: ReadonlySignal<Readonly<Record<string, number>>>;
  readonly isConnected: ReadonlySignal<boolean>;
  /** The platform replies, but no live connection to it comes about. Then the view is asked for now and then. */
  readonly isCutOff: ReadonlySignal<boolean>;
  /** The host has deleted the run. What is shown of it is the last that was heard. */
  readonly isDeleted: ReadonlySignal<boolean>;
  /** Why there is nothing to show. Null if nothing went wrong. */
  readonly error: ReadonlySignal<string | null>;
  /** Its host has put the run into the archive here, or taken it out. */
  noteArchived(isArchived: boolean): void;
  close(): void;
}

/** Follows a run. It loads the view as it is now, then hears of every change. */
export function openLiveRun(client: HomeroomClient, run: string): LiveRun {
  const shown = nothingShown();
  const closing = new AbortController();
  let socket: EventSocket | null = null;

  const start = async (): Promise<void> => {
    const { view, ...facts } = await client.run(run, closing.signal);
    const manifest = await client.version(run, view.version);
    if (closing.signal.aborted) return;
    const changedIn = versionsOf(manifest);
    batch(() => {
      [shown.facts.value, shown.view.value, shown.error.value] = [facts, view, null];
      shown.changedIn.value = changedIn;
    });
    const onView = (next: RunView, news: News): void => showNext(shown, changedIn, next, news);
    socket = openViewSocket(client, run, view, onView, { onConnected, onDeleted });
  };
  const onDeleted = (): void => {
    shown.isDeleted.value = true;
    socket?.close();
  };
  let misses = 0;
  const onConnected = (isOn: boolean): void => {
    shown.isConnected.value = isOn;
    if (isOn && misses > 0) void lookForNewerPage();
    misses = isOn ? 0 : misses + 1;
    if (isOn) shown.isCutOff.value = false;
    // A browser does not say why a socket is refused.
    if (misses % MISSES_BEFORE_A_LOOK === 0 && !isOn) client.run(run, closing.signal).then(look, show);
  };
  const look = ({ view }: RunInfo): void => {
    if (closing.signal.aborted || shown.isConnected.value) return;
    batch(() => {
      [shown.view.value, shown.isCutOff.value] = [view, true];
    });
  };
  const show = (error: unknown): void => {
    if (closing.signal.aborted) return;
    if (isDeleted(error)) onDeleted();
    if (shown.facts.value === null) shown.error.value = errorText(error);
  };
  const waiting = {
    backoff: client.limits.callRetry,
    isDone: () => closing.signal.aborted,
    onRetry: show,
    rest: (ms: number) => client.reach.rest(ms, closing.signal),
  };
  retryUntilReached(waiting, start).catch(show);

  return {
    ...shown,
    noteArchived: isArchived => {
      if (!shown.facts.value) return;
      const { archived: _, ...facts } = shown.facts.value;
      shown.facts.value = { ...facts, ...(isArchived && { archived: true as const }) };
    },
    close: () => {
      closing.abort();
      socket?.close();
    },
  };
}

const nothingShown = () => ({
  facts: signal<RunFacts | null>(null),
  view: signal<RunView | null>(null),
  feed: signal<readonly RunEvent[]>([]),
  names: signal<Readonly<Record<string, string>>>({}),
  changedIn: signal<Readonly<Record<string, number>>>({}),
  isConnected: signal(false),
  isCutOff: signal(false),
  isDeleted: signal(false),
  error: signal<string | null>(null),
});

/** @param before the versions of the segments when the page was opened; an older run's view may not know them */
const showNext = (
  { feed, names, changedIn, view }: ReturnType<typeof nothingShown>,
  before: Readonly<Record<string, number>>,
  next: RunView,
  news: News,
): void =>
  batch(() => {
    view.value = next;
    changedIn.value = { ...before, ...next.changedIn };
    // A connection that came back tells some of it again.
    const seen = feed.value.at(-1)?.seq ?? 0;
    feed.value = [...feed.value, ...news.latest.filter(({ seq }) => seq > seen)].slice(-FEED_LENGTH);
    const named = Object.entries({ ...names.value, ...news.names });
    names.value = Object.fromEntries(named.slice(-MOST_NAMES));
  });

const versionsOf = ({ segments }: Manifest): Record<string, number> =>
  Object.fromEntries(Object.entries(segments).map(([id, { version }]) => [id, version]));
