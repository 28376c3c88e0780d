/** A relay has room for more, but is better not full when a crowd comes back. */
const SOCKETS_A_RELAY = 400;

/** Whoever asks can say any crowd. More relays than this are only used if others are full. */
const MOST_BY_CROWD = 16;

/** So often somebody is sent on from a relay that is full. Each time twice as many relays come into question. */
export const MOST_TRIES = 8;

/**
 * [EVENT3] In which slot to look for room. A run that nobody looks at has one relay, and a crowd has as many as it needs,
 * though nobody counts. The same draw leads to the same slot, so whoever comes back finds the relay that knows them.
 * @param attempt from 0
 * @param crowd how many sockets there may be
 * @param draw in [0, 1): random, or from the volunteer's id
 */
export function chooseSlot(attempt: number, crowd: number, draw: number): number {
  const byCrowd = Math.min(MOST_BY_CROWD, Math.max(1, Math.ceil(crowd / SOCKETS_A_RELAY)));
  return Math.floor(draw * byCrowd * 2 ** attempt);
}

/** A number in [0, 1) that follows from the text (FNV-1a). */
export function drawOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
