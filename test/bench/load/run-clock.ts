import { openEventSocket } from '../../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { mayBringWork } from '../../../client/volunteer/wake-up.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';

/**
 * Hears the run's events once for all volunteers, so that the generator does not read each of them a thousand times.
 * Tells when versions came out, and wakes those who wait.
 */
export class RunClock {
  /** When the version of each round was heard of, by `performance.now`. */
  readonly publishedAt = new Map<number, number>();
  isFinished = false;
  private readonly socket: { close(): void };
  private readonly info: RunInfo;
  private readonly waiting = new Set<() => void>();

  constructor(client: HomeroomClient, info: RunInfo) {
    this.info = info;
    this.socket = openEventSocket(client, info.run, info.view.seq, events => {
      for (const event of events) this.hear(event);
    });
  }

  /** Resolves after so many ms, or a moment after an event that may bring work, or when the run is over. */
  rest(ms: number, wakeMs: number): Promise<void> {
    return new Promise(resolve => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(nudge);
        resolve();
      };
      let timer = setTimeout(end, ms);
      const nudge = (): void => {
        this.waiting.delete(nudge);
        clearTimeout(timer);
        timer = setTimeout(end, this.isFinished ? 0 : wakeMs);
      };
      this.waiting.add(nudge);
    });
  }

  close(): void {
    this.isFinished = true;
    this.wake();
    this.socket.close();
  }

  private hear(entry: RunEvent): void {
    const { event } = entry;
    if (event.type === 'version-published') this.publishedAt.set(event.round, performance.now());
    if (event.type === 'run-finished') this.isFinished = true;
    if (event.type !== 'volunteer-joined' && mayBringWork(entry, this.view, this.info.spec)) this.wake();
  }

  /** Only a join asks what is in it. */
  private get view(): RunView {
    return this.info.view;
  }

  private wake(): void {
    for (const nudge of [...this.waiting]) nudge();
  }
}
