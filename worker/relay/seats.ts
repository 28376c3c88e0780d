import { ackSchema, type Frame, PING, PONG, socketCodes } from '../../shared/protocol/frames.ts';
import { createId } from '../tokens.ts';
import type { Listener } from './listener.ts';

/**
 * workerd has no `bufferedAmount`. So the relay counts the characters that the other end has not confirmed, and drops a
 * socket beyond this. A whole view has about 50,000.
 */
const MOST_UNREAD = { view: 256_000, signal: 64_000, entries: 2_000_000 } as const;

/** All sockets of a relay together, out of 128 MB of memory. */
const MOST_UNREAD_OF_ALL = 32_000_000;

/** After so many characters the other end is asked whether it has read them. */
const ASK_AFTER = 32_000;

/** What is kept of a socket, also while the object sleeps. */
export interface Seat {
  readonly kind: Listener['kind'];
  /** Whether the other end is of a release that confirms what it reads, and sends heartbeats at all times. */
  readonly isOld: boolean;
  readonly volunteer: string | null;
  readonly openedAt: number;
  /** The last event that was told. */
  seq: number;
  /** Characters that were sent and not confirmed. */
  unread: number;
  /** The question that is open, and how many of those characters came before it. */
  asked: { readonly token: string; readonly unread: number } | null;
}

/** Told of each socket that the relay itself drops, and with which code. */
type OnDrop = (seat: Seat, code: number) => void;

/** The sockets of a relay. */
export class Seats {
  private readonly ctx: DurableObjectState;
  private readonly onDrop: OnDrop;
  private readonly seats = new Map<WebSocket, Seat>();
  /** Of all seats together. */
  private unread = 0;
  private saving: ReturnType<typeof setTimeout> | undefined;

  /** Also after the object has slept, with the sockets that stayed. */
  constructor(ctx: DurableObjectState, onDrop: OnDrop) {
    this.ctx = ctx;
    this.onDrop = onDrop;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    for (const socket of ctx.getWebSockets()) {
      const seat: Seat | null = socket.deserializeAttachment();
      if (seat) this.add(socket, seat);
    }
  }

  private add(socket: WebSocket, seat: Seat): void {
    this.seats.set(socket, seat);
    this.unread += seat.unread;
  }

  get count(): number {
    return this.seats.size;
  }

  get all(): readonly (readonly [WebSocket, Seat])[] {
    return [...this.seats];
  }

  has(socket: WebSocket): boolean {
    return this.seats.has(socket);
  }

  /** Each volunteer who has a socket. */
  get volunteers(): readonly string[] {
    return [...new Set([...this.seats.values()].flatMap(({ volunteer }) => volunteer ?? []))];
  }

  isHere(volunteer: string): boolean {
    for (const seat of this.seats.values()) if (seat.volunteer === volunteer) return true;
    return false;
  }

  accept(socket: WebSocket, seat: Seat): void {
    this.ctx.acceptWebSocket(socket);
    this.add(socket, seat);
    socket.serializeAttachment(seat);
  }

  /** The last sign of life: a heartbeat, or the opening. */
  heardAt(socket: WebSocket, { openedAt }: Seat): number {
    return Math.max(openedAt, this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
  }

  /** [EVENT5] Sends it, unless the other end has left too much unread: then the socket is dropped. */
  send(socket: WebSocket, seat: Seat, text: string): void {
    // It may have been dropped for the sake of others meanwhile.
    if (!this.has(socket)) return;
    if (seat.unread > MOST_UNREAD[seat.kind]) {
      this.dropBehind(socket);
      return;
    }
    this.put(socket, text);
    seat.unread += text.length;
    this.unread += text.length;
    if (!seat.isOld && seat.asked === null && seat.unread > ASK_AFTER) this.ask(socket, seat);
    if (this.unread > MOST_UNREAD_OF_ALL) this.bound();
  }

  /** No relay may run out of memory because many read nothing. Those who are furthest behind go. */
  private bound(): void {
    for (const [socket] of this.all.toSorted(([, a], [, b]) => b.unread - a.unread)) {
      if (this.unread <= MOST_UNREAD_OF_ALL) return;
      this.dropBehind(socket);
    }
  }

  private dropBehind(socket: WebSocket): void {
    this.drop(socket, socketCodes.behind, 'too much was not read: come back');
  }

  /** Takes a confirmation. All else is not for us. @returns the seat if it has confirmed something */
  hear(socket: WebSocket, message: string): Seat | null {
    const seat = this.seats.get(socket);
    const ack = ackSchema.safeParse(parseShort(message)).data;
    if (!seat?.asked || seat.asked.token !== ack?.token) return null;
    seat.unread -= seat.asked.unread;
    this.unread -= seat.asked.unread;
    seat.asked = null;
    this.saveLater();
    return seat;
  }

  drop(socket: WebSocket, code: number, reason: string): void {
    const seat = this.remove(socket);
    // It stays open until the other end replies. The object may sleep meanwhile, and must not take it for a listener.
    socket.serializeAttachment(null);
    if (seat && !seat.isOld) this.put(socket, JSON.stringify({ type: 'bye', code, reason } satisfies Frame));
    closeQuietly(socket, code, reason);
    if (seat) this.onDrop(seat, code);
  }

  remove(socket: WebSocket): Seat | null {
    const seat = this.seats.get(socket) ?? null;
    if (this.seats.delete(socket)) this.unread -= seat?.unread ?? 0;
    return seat;
  }

  /**
   * What changed of the seats is kept soon. The object does not sleep while a timer runs. If it fails before, its sockets
   * are lost too.
   */
  saveLater(): void {
    this.saving ??= setTimeout(() => {
      this.saving = undefined;
      for (const [socket, seat] of this.seats) socket.serializeAttachment(seat);
    }, 1_000);
  }

  private ask(socket: WebSocket, seat: Seat): void {
    seat.asked = { token: createId(8), unread: seat.unread };
    this.put(socket, JSON.stringify({ type: 'ask', token: seat.asked.token } satisfies Frame));
  }

  private put(socket: WebSocket, text: string): void {
    try {
      socket.send(text);
    } catch {
      // It has just closed. Its own `close` event follows.
    }
  }
}

/** Longer messages are not ours. */
const LONGEST_MESSAGE = 200;

function parseShort(message: string): unknown {
  if (message.length > LONGEST_MESSAGE) return null;
  try {
    return JSON.parse(message);
  } catch {
    return null;
  }
}

/** Closes the socket from this side too. Otherwise a process that leaves would wait for ten seconds. */
export function closeQuietly(socket: WebSocket, code = 1_000, reason = ''): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}
