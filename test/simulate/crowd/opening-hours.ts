import type { Random } from '../../../shared/math/random.ts';
import { type CrowdTraits, drawMs } from './crowd-traits.ts';

const HOUR_MS = 3_600_000;
const STAY_MS = HOUR_MS / 3;
const DAY_MS = 10 * HOUR_MS;

/** When a volunteer's page is open, in spans of time that follow each other. */
export interface OpeningHours {
  /** From its arrival until it closes the page. */
  readonly firstMs: () => number;
  /** Whether it opens the page once more. */
  readonly comesBack: () => boolean;
  readonly awayMs: () => number;
  /** As the first, after it has come back. */
  readonly nextMs: () => number;
}

/**
 * A visitor stays for twenty minutes; every other one comes back after forty. By day a page is open for ten hours. Null if
 * it is never closed.
 */
export function openingHours({ habit }: CrowdTraits, random: Random): OpeningHours | null {
  const stayMs = (): number => drawMs(random, STAY_MS);
  if (habit === 'visitor')
    return {
      ...{ firstMs: stayMs, comesBack: () => random() >= 0.5 },
      ...{ awayMs: () => drawMs(random, 2 * STAY_MS), nextMs: stayMs },
    };
  if (habit === 'daily')
    return {
      ...{ firstMs: () => random() * DAY_MS, comesBack: () => true },
      ...{ awayMs: () => 24 * HOUR_MS - DAY_MS, nextMs: () => DAY_MS },
    };
  return null;
}
