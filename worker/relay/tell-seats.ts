import type { Signal } from '../../shared/protocol/frames.ts';
import type { RelayBatch, RelayScene } from '../object-calls.ts';
import { framesOf, isNews, viewFrame } from './frames.ts';
import type { Seat, Seats } from './seats.ts';

interface Hall {
  readonly seats: Seats;
  /** The run after the batch. Null if nobody knows. */
  readonly scene: RelayScene | null;
  /** The signal before the batch. Null if nobody knows. */
  readonly heard: Signal | null;
}

/**
 * [EVENT4] Tells every socket of a batch what it wants to hear.
 * @param tellEntries for a socket that wants single entries
 */
export function tellSeats(
  { seats, scene, heard }: Hall,
  batch: RelayBatch,
  tellEntries: (socket: WebSocket, seat: Seat) => void,
): void {
  const isNew = isNews(batch.signal, heard);
  const frames = framesOf(batch);
  const { seq, fields } = batch.changes;
  // [VIEW9] People hear at once who came or left, though no entry tells of it.
  const isOnlyFields = seq === batch.from && Object.keys(fields).length > 0;
  for (const [socket, seat] of seats.all) {
    if (seat.kind === 'view' && isOnlyFields && seat.seq === seq) {
      seats.send(socket, seat, frames.changes());
      continue;
    }
    if (seat.kind === 'entries') {
      tellEntries(socket, seat);
      continue;
    }
    if (seat.seq >= seq) continue;
    const follows = seat.seq === batch.from;
    seat.seq = seq;
    if (seat.kind === 'signal') {
      const text = signalFor(frames, batch.signal, follows, isNew);
      if (text !== null) seats.send(socket, seat, text);
    } else if (follows) seats.send(socket, seat, frames.changes());
    else if (scene) seats.send(socket, seat, viewFrame(scene));
  }
  seats.saveLater();
}

/** [EVENT4] [LEASE16] What a volunteer is told of a batch. Null if nothing in it is for this one. */
function signalFor(
  frames: ReturnType<typeof framesOf>,
  { wakes, chance }: Signal,
  follows: boolean,
  isNew: boolean,
): string | null {
  if (!follows) return frames.signalAfterGap();
  if (wakes.length > 0 && Math.random() < chance) return frames.wake();
  return isNew ? frames.signal() : null;
}
