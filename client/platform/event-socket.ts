import type { RunEvent } from '../../shared/protocol/events.ts';
import type { HomeroomClient } from './homeroom-client.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/** Under the idle limits of proxies on the way; answered by the platform without waking the run. */
const PING_MS = 30_000;

export interface EventSocket {
  close(): void;
}

interface Listener {
  readonly onEvents: (events: RunEvent[]) => void;
  readonly onConnected: (isConnected: boolean) => void;
}

/**
 * Follows a run's events over its WebSocket: everything after `after`, once and in order. It comes back by itself and
 * catches up; `onConnected` tells when it is on or off.
 */
export const openEventSocket = (
  client: HomeroomClient,
  run: string,
  after: number,
  onEvents: Listener['onEvents'],
  onConnected: Listener['onConnected'] = () => {},
): EventSocket => new ReconnectingSocket(client, run, after, { onEvents, onConnected });

class ReconnectingSocket implements EventSocket {
  private readonly client: HomeroomClient;
  private readonly run: string;
  private readonly listener: Listener;
  private readonly ping: ReturnType<typeof setInterval>;
  private seen: number;
  private retryMs = FIRST_RETRY_MS;
  private isClosed = false;
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: HomeroomClient, run: string, after: number, listener: Listener) {
    this.client = client;
    this.run = run;
    this.seen = after;
    this.listener = listener;
    this.ping = setInterval(
      () => this.socket?.readyState === WebSocket.OPEN && this.socket.send('ping'),
      PING_MS,
    );
    // A timer must not keep a Node process alive that has nothing else to do.
    if (typeof this.ping === 'object') (this.ping as { unref(): void }).unref();
    this.connect();
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.ping);
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private connect(): void {
    this.socket = new WebSocket(this.client.eventsUrl(this.run, this.seen));
    this.socket.addEventListener('open', () => {
      this.retryMs = FIRST_RETRY_MS;
      this.listener.onConnected(true);
    });
    this.socket.addEventListener('message', message => this.receive(message.data));
    this.socket.addEventListener('close', () => this.comeBack());
  }

  private comeBack(): void {
    if (this.isClosed) return;
    this.listener.onConnected(false);
    this.timer = setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(LAST_RETRY_MS, this.retryMs * 2);
  }

  private receive(data: unknown): void {
    if (typeof data !== 'string' || data === 'pong') return;
    const events = this.client.parseEvents(data).filter(event => event.seq > this.seen);
    const last = events.at(-1);
    if (!last) return;
    this.seen = last.seq;
    this.listener.onEvents(events);
  }
}
