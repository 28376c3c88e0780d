import type { Waiting } from '../platform/retry-until-reached.ts';
import type { VolunteerControl } from './volunteer-control.ts';
import type { StatusTracker } from './volunteer-status.ts';

/** How a volunteer waits for the platform: its switches end the wait, and its owner sees why it waits. */
export const waitingIn = (control: VolunteerControl, status: StatusTracker): Waiting => ({
  isDone: () => control.isDone,
  onRetry: ({ message }) => status.set({ activity: 'waiting', note: `${message}; trying again` }),
  rest: ms => control.rest(ms),
});
