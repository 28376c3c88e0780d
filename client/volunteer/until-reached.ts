import { isPassing } from './call-platform.ts';
import type { VolunteerControl } from './volunteer-control.ts';
import type { StateTracker } from './volunteer-state.ts';

export const FIRST_RETRY_MS = 500;
export const LAST_RETRY_MS = 15_000;

/**
 * Asks again, ever less often, while the platform cannot be reached or is overloaded; a refusal is final.
 * @returns null where nobody wants an answer any more
 */
export async function untilReached<T>(
  control: VolunteerControl,
  state: StateTracker,
  ask: () => Promise<T>,
): Promise<T | null> {
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (control.isDone) return null;
      state.set({ activity: 'waiting', note: `${error.message}; trying again` });
      await control.rest(retryMs);
      if (control.isDone) return null;
    }
  }
}
