import type { CountedUpdate } from '../../protocol/cohort-report.ts';
import type { EventBody } from '../../protocol/events.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { keepGroup } from '../lease/crowd.ts';
import { withoutLease } from '../lease/end-leases.ts';
import { startNext } from '../lease/lease-timing.ts';
import { type CheckingRound, type FoldingRound, keptOf } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { noteLoss } from '../volunteer/standing.ts';
import type { RefusedUpdates } from './check-state.ts';
import { holdBack } from './hold-back.ts';
import { withMeasured } from './measured-versions.ts';
import type { RootLosses } from './root-loss.ts';

/** An update in a candidate, and whose role it is of. */
export interface RoleUpdate extends CountedUpdate {
  readonly role: Role;
}

/** [CHECK7] The updates that a candidate is made of. */
export const updatesIn = ({ folded }: CheckingRound): RoleUpdate[] =>
  (Object.keys(folded) as Role[]).flatMap(role =>
    (folded[role]?.counted ?? []).map(update => ({ role, ...update })),
  );

/** [CHECK7] [CHECK10] Refuses these updates and holds back who sent them. The round folds again without them. */
export function refuseUpdates(
  config: RunConfig,
  before: RunState,
  round: CheckingRound,
  harmful: readonly RoleUpdate[],
  now: number,
): Step {
  const state = harmful.reduce(
    (next, update) => endIfOpen(config, next, update, now),
    foldAgain(before, round, harmful),
  );
  const senders = [...new Set(harmful.map(({ volunteer }) => volunteer))];
  return {
    state: senders.reduce(
      (next, id) =>
        holdBackSender(config, next, id, harmful.filter(({ volunteer }) => volunteer === id).length),
      state,
    ),
    events: harmful.map(({ lease, volunteer, role }): EventBody => {
      const last = state.volunteers.get(volunteer);
      const until = last && holdBack(last, round.number, 1).heldBackUntil;
      const detail = `version ${round.number} was worse with it: no new training before round ${(until ?? round.number) + 1}`;
      const lost = last && ({ costsStanding: true } as const);
      return { type: 'update-refused', lease, volunteer, role, bytes: 0, reason: 'harmful', detail, ...lost };
    }),
  };
}

/** [LEASE10] Its cohort may have counted an update and not have reported it yet. */
const endIfOpen = (
  config: RunConfig,
  state: RunState,
  { lease, volunteer }: RoleUpdate,
  now: number,
): RunState =>
  state.leases.get(lease) ? startNext(config, withoutLease(state, lease), volunteer, now) : state;

/** [CHECK8] The round folds once more without any update, so that no rule remembers them. */
export function takeNothing(before: RunState, round: CheckingRound, losses: RootLosses): RunState {
  const state = foldAgain(before, round, updatesIn(round), true);
  // The version has the weights of the one before.
  return withMeasured(state, { version: round.number, losses });
}

function foldAgain(
  state: RunState,
  round: CheckingRound,
  updates: readonly RoleUpdate[],
  isAll = false,
): RunState {
  const { turn, leases } = round.refused ?? { turn: 1, leases: {} };
  const all: Partial<Record<Role, readonly string[]>> = { ...leases };
  for (const { role, lease } of updates) all[role] = [...(all[role] ?? []), lease];
  const refused: RefusedUpdates = { turn: turn + 1, leases: all, ...(isAll && { isAll }) };
  const folding: FoldingRound = {
    ...{ status: 'folding', ...keptOf(round), goals: round.goals, folded: {}, refused },
  };
  return { ...state, round: folding };
}

function holdBackSender(config: RunConfig, before: RunState, id: string, updates: number): RunState {
  let state = before;
  for (let i = 0; i < updates; i++) state = noteLoss(state, id, 'harmful');
  const volunteer = state.volunteers.get(id);
  if (!volunteer) return state;
  const volunteers = state.volunteers.put(holdBack(volunteer, state.round.number, updates));
  return keepGroup(config, { ...state, volunteers }, id);
}
