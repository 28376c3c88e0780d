import { crowdWaitMs } from '../../shared/federation/lease/crowd-wait.ts';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';

const WORK_EVENTS: readonly EventBody['type'][] = [
  'run-opened',
  'run-finished',
  'version-published',
  'version-evaluated',
  'lease-ended',
  'place-freed',
  'round-extended',
];

/**
 * Whether those who wait should ask again after an event. Whoever joins takes work and brings none, so a join wakes
 * nobody, except the one that the run was waiting for ([LEASE1]).
 * @param view with the event folded in
 */
export const mayBringWork = (
  { event }: RunEvent,
  view: RunView,
  { policy }: Pick<RunSpec, 'policy'>,
): boolean =>
  event.type === 'volunteer-joined'
    ? joined(view) === policy.minVolunteers
    : WORK_EVENTS.includes(event.type);

/**
 * Over how many ms the volunteers who wait spread their asking, after an event that wakes them all. The platform tells
 * everyone a wait that grows with the crowd; what it is over the wait of a handful is the spread. So a handful asks at
 * once, and hundreds ask as often as they would without the event.
 * @param retryAfterMs the wait that was told: long in a crowd, but for a device that fits nothing also in a small run
 */
export const wakeSpreadMs = (view: RunView, retryAfterMs: number): number =>
  Math.max(0, Math.min(retryAfterMs, crowdWaitMs(joined(view))) - crowdWaitMs(1));

const joined = ({ volunteers }: RunView): number => Object.keys(volunteers).length;
