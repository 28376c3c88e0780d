/** All who wait, taken together, ask once in so many ms, however large the crowd is. */
const MS_A_WAITING_VOLUNTEER = 10;
const SHORTEST_WAIT_MS = 500;

/**
 * [LEASE8] How long a volunteer waits who gets nothing.
 * @param volunteers how large the crowd is
 */
export const crowdWaitMs = (volunteers: number): number =>
  Math.max(SHORTEST_WAIT_MS, MS_A_WAITING_VOLUNTEER * volunteers);
