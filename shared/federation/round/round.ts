import type { FoldedRole } from '../../protocol/cohort-report.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { countAble } from '../lease/crowd.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import { withoutFoldFailures } from './fold-failures.ts';
import { noteRootMissed, waitsForRoot } from './root-updates.ts';
import { roundPolicyOf } from './round-policy.ts';
import {
  type ExtendedRound,
  type FoldingRound,
  isInTraining,
  keptOf,
  type OpenRound,
} from './round-state.ts';

/**
 * A round's life, in the order in which it happens:
 *
 *   unopened → open → folding → (the next one) unopened, or over
 *               ↕
 *            extended → folding
 *
 * If versions are checked: folding → checking → the next one, or folding once more (`check`).
 *
 * Any of them but the last may be taken back (`take-back`): → returning → (the next one) unopened, or over.
 *
 * `round-state` says what each status knows. `round-policy` says when a round opens and closes.
 */

/**
 * [ROUND1] The first training lease opens the round. It also opens an extended round again, with goals for those who
 * are there now. Updates that are there stay.
 */
export function openRound(config: RunConfig, state: RunState, now: number): Step {
  const { round } = state;
  if (round.status !== 'unopened' && round.status !== 'extended') return stay(state);
  const able = countAble(config, state, now);
  const { goals, deadlineAt } = roundPolicyOf(config.spec).opens(config.spec, able, now);
  const { idleSince } = round;
  return {
    state: { ...state, round: { status: 'open', ...keptOf(round), idleSince, goals, deadlineAt } },
    events: [{ type: 'round-opened', round: round.number, goals }],
  };
}

/** [ROUND6] Late updates open a round too. They may be all that it wants, and then it grants no lease. */
export const openLateRound = (config: RunConfig, state: RunState, now: number): Step =>
  state.round.status === 'unopened' && state.round.late ? openRound(config, state, now) : stay(state);

/** An update to a lease of this round was accepted. */
export function countUpdate(state: RunState, role: Role, volunteer: string): RunState {
  const { round } = state;
  const served = { ...round.served, [role]: [...(round.served[role] ?? []), volunteer] };
  return { ...state, round: { ...round, served } };
}

/**
 * [ROUND4] Somebody asked for work and got none. If that goes on for a while and nobody is at work, the round closes
 * short of its goals, or is extended. A pause does not count: nobody is given work in it, whatever they could do.
 */
export function noteIdle(config: RunConfig, state: RunState, now: number): Step {
  const { round } = state;
  if (!isInTraining(round)) return stay(state);
  if (state.phase !== 'open' || state.leases.hasPlaces) return stay(noteBusy(state));
  // After now if the clock was set back.
  if (round.idleSince === null || round.idleSince > now)
    return noteIdle(config, { ...state, round: { ...round, idleSince: now } }, now);
  return round.status === 'unopened'
    ? stay(state)
    : closeOrExtend(config, state, round, now, now - round.idleSince);
}

/** Somebody is at work. */
export const noteBusy = (state: RunState): RunState =>
  isInTraining(state.round) && state.round.idleSince !== null
    ? { ...state, round: { ...state.round, idleSince: null } }
    : state;

/**
 * [ROUND2] [ROUND3] Closes the round if its policy says so, or extends it. An extended round does not begin anew.
 * That would forget an update that its cohort accepted in time and reports late, and the cohort accepts no second one
 * of that volunteer.
 */
export function closeDueRound(config: RunConfig, state: RunState, now: number): Step {
  const { round } = state;
  if (round.status !== 'open' && round.status !== 'extended') return stay(state);
  return closeOrExtend(config, state, round, now, 0);
}

/** What the policy says of a round. */
function closeOrExtend(
  config: RunConfig,
  state: RunState,
  round: OpenRound | ExtendedRound,
  now: number,
  idleMs: number,
): Step {
  const next = roundPolicyOf(config.spec).closes(config.spec, round, now, idleMs);
  if (next === 'close' && round.status === 'open' && waitsForRoot(config, state, round, now))
    return stay(state);
  if (next === 'close') return stay({ ...state, ...noteRootMissed(config, round), round: closed(round) });
  if (next === null) return stay(state);
  const { idleSince, goals } = round;
  return {
    state: { ...state, round: { status: 'extended', ...keptOf(round), idleSince, goals } },
    events: [{ type: 'round-extended', round: round.number }],
  };
}

const closed = (round: OpenRound | ExtendedRound): FoldingRound => ({
  status: 'folding',
  ...keptOf(round),
  goals: round.goals,
  folded: {},
});

/** [PUB2] A role has folded, all its cohorts together. A fold of another round, of a role without a goal, or a second one changes nothing. */
export function noteFold(state: RunState, role: Role, number: number, result: FoldedRole): Step {
  const { round } = state;
  const isExpected =
    round.status === 'folding' &&
    number === round.number &&
    // [CHECK7] A cohort of an older release knows nothing to leave out. It is asked again until it does.
    (result.turn ?? 1) === (round.refused?.turn ?? 1) &&
    round.goals[role] !== undefined &&
    round.folded[role] === undefined;
  if (!isExpected) return stay(state);
  const folded = { ...round.folded, [role]: result };
  return stay(withoutFoldFailures({ ...state, round: { ...round, folded } }));
}
