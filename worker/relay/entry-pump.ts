import type { RunEvent } from '../../shared/protocol/events.ts';
import { socketCodes } from '../../shared/protocol/frames.ts';
import type { Result } from '../../shared/protocol/refusals.ts';
import { entriesFrame } from './frames.ts';
import type { Seat, Seats } from './seats.ts';

/** A reader who has so many characters before him gets the next page when he has confirmed some. */
const PAUSE_AT = 500_000;

type ReadLedger = (after: number) => Promise<Result<{ events: RunEvent[]; last: number }>>;

/**
 * Brings sockets that want single entries up to date from the ledger, by one page. Who lacks more reads it page by page and comes
 * back: a reply that is asked for cannot be left unread, and a stranger who opens sockets costs no more than one page each.
 */
export class EntryPump {
  private readonly seats: Seats;
  private readonly ledger: ReadLedger;
  /** Sockets that are being brought up to date, and whether something came meanwhile. */
  private readonly running = new Map<WebSocket, { hasMore: boolean }>();

  constructor(seats: Seats, ledger: ReadLedger) {
    this.seats = seats;
    this.ledger = ledger;
  }

  /** What came by a batch, if it follows on what the socket knows. Otherwise it is read from the ledger. */
  async tell(
    socket: WebSocket,
    seat: Seat,
    from: number,
    entries: readonly RunEvent[] | undefined,
  ): Promise<void> {
    const isDirect = entries && seat.seq >= from && !this.running.has(socket) && !isFull(seat);
    if (!isDirect) return this.catchUp(socket, seat);
    const text = entriesFrame(entries, seat.seq);
    if (text === null) return;
    seat.seq = entries.at(-1)?.seq ?? seat.seq;
    this.seats.send(socket, seat, text);
  }

  async catchUp(socket: WebSocket, seat: Seat): Promise<void> {
    const present = this.running.get(socket);
    if (present) {
      present.hasMore = true;
      return;
    }
    const run = { hasMore: true };
    this.running.set(socket, run);
    try {
      while (run.hasMore && this.seats.has(socket) && !isFull(seat)) {
        run.hasMore = false;
        await this.sendPage(socket, seat);
      }
    } finally {
      this.running.delete(socket);
    }
  }

  private async sendPage(socket: WebSocket, seat: Seat): Promise<void> {
    const page = await this.ledger(seat.seq);
    if (!page.ok) return;
    const { events, last } = page.value;
    if (seat.seq > last) {
      this.seats.drop(socket, socketCodes.beyondEnd, `after ${seat.seq}: the ledger ends at ${last}`);
      return;
    }
    const text = entriesFrame(events, seat.seq);
    if (text === null) return;
    seat.seq = events.at(-1)?.seq ?? seat.seq;
    this.seats.send(socket, seat, text);
    if (seat.seq < last)
      this.seats.drop(socket, socketCodes.readOn, `read the ledger after ${seat.seq}, then come back`);
  }
}

/** One of an older release confirms nothing, so there is nothing to wait for. */
const isFull = ({ isOld, unread }: Seat): boolean => !isOld && unread > PAUSE_AT;
