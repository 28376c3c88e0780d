import type { Waiting } from '../platform/retry-until-reached.ts';
import type { VolunteerOptions } from './volunteer-options.ts';
import type { StatusTracker } from './volunteer-status.ts';

/** How a volunteer waits for the platform: its switches end the wait, and its owner sees why it waits. */
export const waitingIn = (
  { client, control }: Pick<VolunteerOptions, 'client' | 'control'>,
  status: StatusTracker,
): Waiting => ({
  backoff: client.limits.callRetry,
  isDone: () => control.isDone,
  onRetry: ({ message }) => status.set({ activity: 'waiting', note: `${message}; trying again` }),
  rest: ms => control.rest(ms),
});
