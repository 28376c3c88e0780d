/** All who wait, taken together, ask once in so many ms, however large the crowd is. */
const MS_A_WAITING_VOLUNTEER = 10;
const SHORTEST_WAIT_MS = 500;

/**
 * [LEASE8] Over how long the asking of a crowd is spread, so that it is no rush.
 * @param volunteers how large the crowd is
 */
export const crowdWaitMs = (volunteers: number): number =>
  Math.max(SHORTEST_WAIT_MS, MS_A_WAITING_VOLUNTEER * volunteers);

/** If so many times as many volunteers are active as a round wants updates, most of them wait in any round. */
const CROWD = 2;

/** In a crowd somebody asks once in so many ms for each update that a round wants. So a freed place is soon taken. */
const MS_AN_UPDATE = 250;

/**
 * [LEASE8] The same for volunteers of whom a round wants so many updates.
 * @param longestMs for whoever were silent for longer would not count as active
 */
export const crowdSpreadMs = (active: number, updatesPerRound: number, longestMs: number): number =>
  active <= CROWD * updatesPerRound
    ? crowdWaitMs(active)
    : Math.min(longestMs, Math.max(crowdWaitMs(active), (MS_AN_UPDATE * active) / updatesPerRound));

/**
 * Events wake those who wait, so what they ask between is for whoever missed one. Each is a request that the platform bills:
 * thirty pupils who asked twice a second would use up a day's requests of the free plan in half an hour.
 */
const MS_WITHOUT_EVENT = 100;
const LONGEST_WITHOUT_EVENT_MS = 5_000;

/** [LEASE8] How long somebody waits at least who hears of no event. */
export const quietWaitMs = (active: number): number =>
  Math.min(LONGEST_WITHOUT_EVENT_MS, MS_WITHOUT_EVENT * active);
