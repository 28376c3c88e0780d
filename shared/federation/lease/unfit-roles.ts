import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import { countedTasks, hasFitting } from './crowd.ts';
import { leastDevice } from './device-fit.ts';

/**
 * [LEASE19] Somebody asked for work and got none, and nobody is at work. If a role of the round fits the device of nobody
 * who is here, the run may wait for ever, and its host should know.
 */
export function noteUnfit(config: RunConfig, state: RunState, now: number): Step {
  const { round, phase, leases, joined } = state;
  const isIdle = phase === 'open' && isInTraining(round) && !leases.hasPlaces;
  if (!isIdle || joined < config.spec.policy.minVolunteers) return stay(state);
  const told = state.unfit?.round === round.number ? state.unfit.roles : [];
  const unfit = countedTasks(config, round.number).filter(
    ({ role }) => !told.includes(role) && !hasFitting(config, state, role, now),
  );
  if (unfit.length === 0) return stay(state);
  return {
    state: {
      ...state,
      unfit: { round: round.number, roles: [...told, ...unfit.map(({ role }) => role)] },
    },
    events: unfit.map(({ role, need }) => ({
      ...({ type: 'role-unfit', round: round.number, role } as const),
      ...leastDevice(config, need),
    })),
  };
}

/** Somebody is leased the role. If it fits nobody once more, that is told again. */
export const noteFitted = ({ unfit }: RunState, role: Role): Pick<RunState, 'unfit'> =>
  unfit?.roles.includes(role)
    ? { unfit: { ...unfit, roles: unfit.roles.filter(told => told !== role) } }
    : {};
