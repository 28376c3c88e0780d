import type { RunConfig } from '../../protocol/run-config.ts';
import { activeReferees, hasAtLeast } from '../lease/crowd.ts';
import { countTaken, publishVersion } from '../round/publish-version.ts';
import { type CheckingRound, type FoldingRound, rolesOf } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import type { Checker } from './check-state.ts';
import { isChecked } from './is-checked.ts';
import { settleHurt } from './settle-hurt.ts';

/** [CHECK5] If nobody has taken a check until then, nobody is there who checks. */
const TAKEN_MS = 30_000;

/** [PUB1] When every role has folded, the next version is out, or it is checked first. */
export function publishDue(config: RunConfig, state: RunState, now: number): Step {
  const { round } = state;
  if (round.status === 'checking') return goOnChecking(config, state, round, now);
  if (round.status !== 'folding' || !rolesOf(round).every(role => round.folded[role])) return stay(state);
  if (round.refused && countTaken(round) === 0)
    return publishVersion(config, state, round, { taken: false }, now);
  if (!isChecked(config.spec)) return publishVersion(config, state, round, {}, now);
  return beginCheck(config, state, round, now);
}

function beginCheck(config: RunConfig, state: RunState, round: FoldingRound, now: number): Step {
  const check = { by: null, waitsUntil: waitsUntil(config, now) };
  const checking: CheckingRound = { ...round, status: 'checking', check };
  const { number, refused } = round;
  const begun: Step = {
    state: { ...state, round: checking },
    events: [{ type: 'version-checking', version: number, turn: refused?.turn ?? 1 }],
  };
  const isWaitedFor = check.waitsUntil === null || hasChecker(config, state, now);
  return isWaitedFor ? begun : publishVersion(config, state, round, { check: null }, now);
}

/** [CHECK1] Null if a round waits for its referee, however long. */
const waitsUntil = ({ spec: { policy } }: RunConfig, now: number): number | null =>
  policy.check === 'always' ? null : now + Math.min(policy.leaseMs, TAKEN_MS);

/** [CHECK4] Whether a referee is active who checks. */
const hasChecker = (config: RunConfig, state: RunState, now: number): boolean =>
  hasAtLeast(1, activeReferees(config, state, now), ({ checks }) => checks === true);

/** [CHECK4] [CHECK5] Whoever is at it may have let it pass. Then nobody is, and it may be that nobody comes. */
function goOnChecking(config: RunConfig, before: RunState, round: CheckingRound, now: number): Step {
  const { by, hurt } = round.check;
  if (by && now < by.until && !before.presence.isGone(by.volunteer)) return stay(before);
  const state = by ? withoutChecker(before, by) : before;
  // [CHECK8] What hurts badly is not published, though nobody tells why it does.
  if (by && hurt) return settleHurt(config, state, round, by.volunteer, hurt, now);
  const check = by ? { by: null, waitsUntil: waitsUntil(config, now) } : round.check;
  const left: RunState = { ...state, round: { ...round, check } };
  if (check.waitsUntil === null || (now < check.waitsUntil && hasChecker(config, state, now)))
    return stay(left);
  return joinSteps(stay(left), publishVersion(config, left, round, { check: null }, now));
}

function withoutChecker(state: RunState, { volunteer: id }: Checker): RunState {
  const volunteer = state.volunteers.get(id);
  return volunteer ? { ...state, volunteers: state.volunteers.put({ ...volunteer, checks: false }) } : state;
}
