import type { RunEvent } from '../../shared/protocol/events.ts';
import { backoffMs } from './backoff.ts';
import type { HomeroomClient } from './homeroom-client.ts';

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

/**
 * The socket is always in one of three phases, each with a timer that ends it: it opens, it listens, or it rests before it
 * opens again. A socket that never opens or falls silent is dropped: its own `close` event may take minutes to come.
 */
class ReconnectingSocket implements EventSocket {
  private readonly client: HomeroomClient;
  private readonly run: string;
  private readonly listener: Listener;
  /** The last event that was heard. */
  private seen: number;
  /** Connections lost since one told something new, or replied after a silence. */
  private failures = 0;
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: HomeroomClient, run: string, after: number, listener: Listener) {
    this.client = client;
    this.run = run;
    this.seen = after;
    this.listener = listener;
    this.connect();
  }

  close(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  private connect(): void {
    const socket = new WebSocket(this.client.eventsUrl(this.run, this.seen));
    this.socket = socket;
    this.after(this.client.limits.socketOpenMs, () => this.drop(socket));
    socket.addEventListener('open', () => this.isCurrent(socket) && this.listen(socket));
    socket.addEventListener('message', ({ data }) => this.isCurrent(socket) && this.hear(socket, data));
    socket.addEventListener('close', () => this.isCurrent(socket) && this.drop(socket));
  }

  private listen(socket: WebSocket): void {
    this.pingLater(socket);
    this.listener.onConnected(true);
  }

  private hear(socket: WebSocket, data: unknown): void {
    this.pingLater(socket);
    if (data === 'pong') this.failures = 0;
    if (typeof data !== 'string' || data === 'pong') return;
    const events = this.client.parseEvents(data).filter(event => event.seq > this.seen);
    const last = events.at(-1);
    if (!last) return;
    this.failures = 0;
    this.seen = last.seq;
    this.listener.onEvents(events);
  }

  /** After a silence, the platform is asked for a sign of life. It replies without waking the run. */
  private pingLater(socket: WebSocket): void {
    const { pingMs, pongMs } = this.client.limits;
    this.after(pingMs, () => {
      socket.send('ping');
      this.after(pongMs, () => this.drop(socket));
    });
  }

  private drop(socket: WebSocket): void {
    this.socket = null;
    socket.close();
    this.failures += 1;
    this.after(backoffMs(this.failures, this.client.limits.socketRetry, Math.random()), () => this.connect());
    this.listener.onConnected(false);
  }

  /** What comes of a socket that was dropped, or after `close`, is for nobody. */
  private isCurrent(socket: WebSocket): boolean {
    return this.socket === socket;
  }

  private after(ms: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, ms);
  }
}
