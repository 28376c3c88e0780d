import { openEventSocket } from '../../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';

/** Tells when versions came out. It reads the ledger once, while the volunteers hear signals only. */
export class RunClock {
  /** When the version of each round was heard of, by `performance.now`. */
  readonly publishedAt = new Map<number, number>();
  isFinished = false;
  private readonly socket: { close(): void };

  constructor(client: HomeroomClient, info: RunInfo) {
    this.socket = openEventSocket(client, info.run, info.view.seq, events => {
      for (const event of events) this.hear(event);
    });
  }

  close(): void {
    this.isFinished = true;
    this.socket.close();
  }

  private hear({ event }: RunEvent): void {
    if (event.type === 'version-published') this.publishedAt.set(event.round, performance.now());
    if (event.type === 'run-finished') this.isFinished = true;
  }
}
