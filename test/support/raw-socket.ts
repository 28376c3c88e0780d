import * as z from 'zod';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { type RunEvent, runEventSchema } from '../../shared/protocol/events.ts';
import { until } from './poll.ts';

/** Every message of an event socket as it came: nothing sorted, nothing left out. */
export class RawSocket {
  readonly messages: RunEvent[][] = [];
  private readonly socket: WebSocket;
  private readonly opened: Promise<void>;

  constructor(client: HomeroomClient, run: string, after: number) {
    this.socket = new WebSocket(client.eventsUrl(run, after));
    this.opened = new Promise((resolve, reject) => {
      this.socket.addEventListener('open', () => resolve());
      this.socket.addEventListener('error', () => reject(new Error('the socket was refused')));
    });
    this.socket.addEventListener('message', ({ data }) => this.hear(JSON.parse(String(data))));
  }

  /** What is no list of entries asks whether they were read. It gets its reply. */
  private hear(message: unknown): void {
    const events = z.array(runEventSchema).safeParse(message).data;
    if (events) this.messages.push(events);
    else this.socket.send(JSON.stringify({ ...Object(message), type: 'ack' }));
  }

  get events(): RunEvent[] {
    return this.messages.flat();
  }

  /** Connected: what happens from here on comes by this socket. */
  open = (): Promise<void> => this.opened;

  close = (): void => this.socket.close();

  /** All events so far, once the one of this number is here. */
  upTo = (seq: number): Promise<RunEvent[]> =>
    until(async () => (this.events.at(-1)?.seq ?? 0) >= seq && this.events, `event ${seq} on the socket`);
}
