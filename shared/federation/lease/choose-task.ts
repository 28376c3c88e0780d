import type { RunConfig } from '../../protocol/run-config.ts';
import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { activeVolunteers } from '../volunteer/active-volunteers.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { fits } from './device-fit.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { isThrottled } from './reliability.ts';
import { fitsAny, mayServe, type RoundTask, room } from './round-tasks.ts';

/** The task for this volunteer, its turn's first; null where none has room for it. */
export function chooseTask(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  ask: LeaseAsk,
): RoundTask | null {
  if (ask.idle && !isPlaceToSpare(config, state, tasks, ask.idle)) return null;
  const { volunteer } = ask;
  const fitting = inTurn(tasks, volunteer.identity.index + state.round.number).filter(({ need }) =>
    fits(config, need, volunteer.identity.device),
  );
  const isFree = ({ task: { role } }: RoundTask): boolean =>
    room(config, state, role) > 0 && mayServe(state, volunteer, role);
  const isKept = (one: RoundTask): boolean => fitting.length > 1 && isKeptFor(config, state, tasks, one, ask);
  return fitting.find(one => isFree(one) && !isKept(one)) ?? null;
}

/** Volunteer i is offered role (i + r) mod n first, then the others. */
const inTurn = (tasks: readonly RoundTask[], turn: number): readonly RoundTask[] => {
  const first = turn % tasks.length;
  return [...tasks.slice(first), ...tasks.slice(0, first)];
};

/** Half of what closes an idle round ([ROUND4]): who is waited for in vain must not cost the round its role. */
const KEPT_WHILE_IDLE_MS = 1_500;

/**
 * [LEASE4] Whether all that is left of a role is for others: volunteers whom nothing else of the round fits, and who have
 * not served. Who may be gone is not waited for where nobody is at work.
 */
function isKeptFor(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  { task: { role }, need }: RoundTask,
  { volunteer: self, now }: LeaseAsk,
): boolean {
  if (isIdleFor(state, now, KEPT_WHILE_IDLE_MS)) return false;
  const others = tasks.filter(({ task }) => task.role !== role);
  const wanting = activeVolunteers(config, state, now).filter(
    volunteer =>
      volunteer.id !== self.id &&
      fits(config, need, volunteer.identity.device) &&
      !fitsAny(config, others, volunteer.identity.device) &&
      mayServe(state, volunteer, role) &&
      !isThrottled({ volunteer, now }),
  );
  return wanting.length >= room(config, state, role);
}

/** [ROUND4] Whether nobody has been at work for so long. */
const isIdleFor = ({ round }: RunState, now: number, ms: number): boolean =>
  isInTraining(round) && round.idleSince !== null && now - round.idleSince >= ms;

/** [LEASE12] Whether a place is left when everybody has one who has none and has not served: nobody waits for another's second. */
function isPlaceToSpare(
  config: RunConfig,
  state: RunState,
  tasks: readonly RoundTask[],
  idle: readonly VolunteerState[],
): boolean {
  const places = tasks.reduce((sum, { task }) => sum + room(config, state, task.role), 0);
  if (places > idle.length) return true;
  const served = new Set(Object.values(state.round.served).flat());
  return (
    places >
    idle.filter(({ id, identity }) => !served.has(id) && fitsAny(config, tasks, identity.device)).length
  );
}
