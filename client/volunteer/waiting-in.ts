import { RefusedError } from '../platform/call-platform.ts';
import type { Waiting } from '../platform/retry-until-reached.ts';
import type { VolunteerOptions } from './volunteer-options.ts';
import type { StatusTracker } from './volunteer-status.ts';

/** [CROWD7] If it waits for its turn, the platform has said when that is, and nothing is wrong. */
const noteOf = (error: Error): string =>
  error instanceof RefusedError && error.retryAfterMs !== undefined && error.detail !== undefined
    ? error.detail
    : `${error.message}; trying again`;

/** How a volunteer waits for the platform: its switches end the wait, and its owner sees why it waits. */
export const waitingIn = (
  { client, control }: Pick<VolunteerOptions, 'client' | 'control'>,
  status: StatusTracker,
): Waiting => ({
  backoff: client.limits.callRetry,
  isDone: () => control.isDone,
  onRetry: error => status.set({ activity: 'waiting', note: noteOf(error) }),
  rest: ms => control.restUntilBack(ms, client.reach),
});
