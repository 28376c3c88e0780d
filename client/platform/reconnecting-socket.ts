import * as z from 'zod';
import { askSchema, byeSchema, PING, PONG, socketCodes } from '../../shared/protocol/frames.ts';
import { backoffMs } from './backoff.ts';
import { onNetworkBack } from './network-back.ts';
import type { TimeLimits } from './time-limits.ts';

/**
 * A deployment drops all sockets at once. They come back spread over so many ms for each of the crowd, but nobody waits
 * longer than the second number for it.
 */
const SPREAD_MS_EACH = 5;
const LONGEST_SPREAD_MS = 5_000;

/** The connection is given up for another one. It tells the platform that this is no goodbye. */
const COMING_BACK = 4_000;

/** What became of a message: it told something, or nothing, or something before it is missing. */
export type Heard = 'news' | 'nothing' | 'gap';

/** What is said over a socket, whichever connection carries it. */
export interface Line {
  /** Where to connect now, so that nothing is heard twice. */
  readonly url: () => string;
  readonly protocols?: readonly string[];
  /** Takes a message, parsed as JSON; null if it was none. */
  readonly hear: (message: unknown) => Heard;
  readonly onConnected: (isConnected: boolean) => void;
  /** More is missing than a socket brings. It comes back when that was read. Left out if the next socket brings it. */
  readonly readOn?: () => Promise<void>;
  /** The run is deleted: the socket does not come back. */
  readonly onDeleted?: (() => void) | undefined;
  /** How many may have lost their sockets together. */
  readonly crowd: () => number;
}

/** What the platform says of the socket itself. */
const aboutSocketSchema = z.discriminatedUnion('type', [askSchema, byeSchema]);

/**
 * The socket is always in one of three phases, each with a timer that ends it: it opens, it listens, or it rests before it
 * opens again. A socket that never opens or falls silent is dropped: its own `close` event may take minutes to come.
 */
export class ReconnectingSocket {
  private readonly limits: TimeLimits;
  private readonly line: Line;
  /** Connections lost since one told something new, or replied to a heartbeat. */
  private failures = 0;
  private pingedAt = 0;
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly deafen: () => void;
  private isClosed = false;

  constructor(limits: TimeLimits, line: Line) {
    this.limits = limits;
    this.line = line;
    this.deafen = onNetworkBack(() => this.comeBack());
    this.connect();
  }

  close(): void {
    this.isClosed = true;
    this.deafen();
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  /**
   * The network is back. So no rest is needed, and a connection from before may be dead without a word: an open one is asked
   * at once, and one that was being opened is opened anew.
   */
  private comeBack(): void {
    const { socket } = this;
    if (socket && socket.readyState === socket.OPEN) return void this.ping(socket);
    socket?.close();
    this.failures = 0;
    this.connect();
  }

  private connect(): void {
    const socket = this.openSocket();
    if (!socket) {
      this.tryLater();
      return;
    }
    this.socket = socket;
    this.after(this.limits.socketOpenMs, () => this.drop(socket));
    socket.addEventListener('open', () => this.isCurrent(socket) && this.listen(socket));
    socket.addEventListener('message', ({ data }) => this.isCurrent(socket) && this.hear(socket, data));
    socket.addEventListener('close', () => this.isCurrent(socket) && this.drop(socket));
  }

  /** Null if there are no sockets here, or if opening one is forbidden. That is a line that does not come about. */
  private openSocket(): WebSocket | null {
    try {
      return new WebSocket(this.line.url(), [...(this.line.protocols ?? [])]);
    } catch {
      return null;
    }
  }

  private listen(socket: WebSocket): void {
    this.pingedAt = performance.now();
    this.waitToPing(socket);
    this.line.onConnected(true);
  }

  private hear(socket: WebSocket, data: unknown): void {
    this.waitToPing(socket);
    if (data === PONG) {
      this.failures = 0;
      return;
    }
    const message = parse(data);
    const said = aboutSocketSchema.safeParse(message).data;
    if (said?.type === 'bye' && said.code === socketCodes.deleted) this.end();
    else if (said?.type === 'bye' && said.code === socketCodes.readOn) void this.readOn(socket);
    else if (said?.type === 'bye') this.drop(socket);
    else if (said) socket.send(JSON.stringify({ type: 'ack', token: said.token }));
    else this.take(socket, message);
  }

  private take(socket: WebSocket, message: unknown): void {
    const heard = this.line.hear(message);
    if (heard === 'news') this.failures = 0;
    if (heard === 'gap') this.drop(socket);
  }

  /**
   * A heartbeat goes out at regular times, however much is heard. The platform replies without waking anybody. A page in
   * the background has slow timers, so a message may be the first to notice that a heartbeat is due.
   */
  private waitToPing(socket: WebSocket): void {
    const dueMs = this.pingedAt + this.limits.pingMs - performance.now();
    if (dueMs <= 0) this.ping(socket);
    else this.after(dueMs, () => this.ping(socket));
  }

  private ping(socket: WebSocket): void {
    socket.send(PING);
    this.pingedAt = performance.now();
    this.after(this.limits.pongMs, () => this.drop(socket));
  }

  private drop(socket: WebSocket): void {
    this.socket = null;
    socket.close(COMING_BACK);
    this.tryLater();
  }

  /** What could not be read now is read after the next socket. */
  private async readOn(socket: WebSocket): Promise<void> {
    this.socket = null;
    clearTimeout(this.timer);
    socket.close(COMING_BACK);
    await this.line.readOn?.().catch(() => {});
    // It may have been closed meanwhile, or opened because the network is back.
    if (!this.isClosed && this.socket === null) this.tryLater();
  }

  private tryLater(): void {
    this.failures += 1;
    this.after(this.restMs(), () => this.connect());
    this.line.onConnected(false);
  }

  private end(): void {
    this.close();
    this.line.onConnected(false);
    this.line.onDeleted?.();
  }

  private restMs(): number {
    const backoff = backoffMs(this.failures, this.limits.socketRetry, Math.random());
    return backoff + Math.random() * Math.min(LONGEST_SPREAD_MS, SPREAD_MS_EACH * (this.line.crowd() - 1));
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

/** A listener must not end with what it cannot read. */
function parse(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}
