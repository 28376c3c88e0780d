import { crowdWaitMs } from '../../shared/federation/lease/crowd-wait.ts';

/**
 * [LEASE16] Over how many ms the volunteers who wait spread their asking, after an event that wakes them all. The platform
 * tells everyone a wait that grows with the crowd; what it is over the wait of a handful is the spread. So a handful asks at
 * once, and hundreds ask as often as they would without the event.
 * @param joined how many ever joined
 * @param retryAfterMs the wait that was told: long in a crowd, but for a device that fits nothing also in a small run
 */
export const wakeSpreadMs = (joined: number, retryAfterMs: number): number =>
  Math.max(0, Math.min(retryAfterMs, crowdWaitMs(joined)) - crowdWaitMs(1));
