/** Everyone who waits asks again about this often together, however many they are. */
const MS_A_WAITING_VOLUNTEER = 10;
const SHORTEST_WAIT_MS = 500;

/** [LEASE8] How long a volunteer waits who gets nothing, if so many are active. */
export const crowdWaitMs = (volunteers: number): number =>
  Math.max(SHORTEST_WAIT_MS, MS_A_WAITING_VOLUNTEER * volunteers);
