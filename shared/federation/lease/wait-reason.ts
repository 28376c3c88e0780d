import type { RunConfig } from '../../protocol/run-config.ts';
import { isSpared } from '../evaluation/spared-judges.ts';
import { rolesOf } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { countedTasks } from './crowd.ts';
import { fits } from './device-fit.ts';
import { isHeldBack } from './held-back.ts';
import type { LeaseAsk } from './lease-ask.ts';
import { placesLeft } from './round-tasks.ts';
import { isOnTrial } from './trial.ts';

/** [CROWD6] Its first lease may still be in hand. */
export const restReason = ({ isAhead }: LeaseAsk): string =>
  isAhead
    ? 'the first update of this device comes first'
    : 'the last lease of this device brought no update, so others come first for a while';

/** Why an open run has nothing for this volunteer now. */
export function waitReason(config: RunConfig, state: RunState, { volunteer, now }: LeaseAsk): string {
  const { joined } = state;
  const { minVolunteers } = config.spec.policy;
  if (joined < minVolunteers) return `waiting for volunteers: ${joined} of ${minVolunteers}`;
  if (state.round.status === 'folding') return 'a version is being published';
  if (state.round.status === 'checking') return 'a referee checks the next version';
  if (state.round.status === 'returning') return `the run is being taken back to version ${state.round.to}`;
  if (isHeldBack(config, state, volunteer, now))
    return `a version was worse with an update of this device, so it trains again from round ${(volunteer.heldBackUntil ?? 0) + 1} on`;
  if (isSpared(config, state, volunteer, now))
    return 'this device has no training task, so that it can test the next version';
  if (state.round.status === 'over')
    return config.spec.policy.evaluators === 'referees'
      ? 'a referee has to test the last version'
      : 'the last version is being tested';
  // Before a round has goals, every role is open.
  const hasGoals = rolesOf(state.round).length > 0;
  const open = countedTasks(config, state.round.number).filter(
    ({ role }) => !hasGoals || placesLeft(config, state, role) > 0,
  );
  const isTooWeak =
    open.length > 0 && !open.some(({ need }) => fits(config, need, volunteer.identity.device));
  if (isTooWeak) return 'no task that is left in this round fits this device';
  return open.length > 0 && isOnTrial(config, state, { volunteer, now })
    ? 'this device is new here: it gets a first task as soon as one of those for new devices is free'
    : 'others are finishing this round';
}
