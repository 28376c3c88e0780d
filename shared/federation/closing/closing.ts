import type { RunConfig } from '../../protocol/run-config.ts';
import { startEvaluation } from '../evaluation/evaluation.ts';
import { finish } from '../finish.ts';
import { activeReferees, countActive } from '../lease/crowd.ts';
import { endLeases } from '../lease/end-leases.ts';
import { withoutStuckRound } from '../round/fold-failures.ts';
import { isInTraining } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { joinSteps, type Step, stay } from '../step.ts';
import { closingDueAt } from './closing-due.ts';
import type { FinishReason } from './closing-state.ts';

/** [CLOSE4] A run waits so many leases long for the next judgement. Two of them are for confirmation alone (EVAL8). */
const PATIENCE_LEASES = 3;

/** [CLOSE4] Unless its host ends it, it waits this long at least: its volunteers have left for a while, or its referee. */
const LONGER_MS = 600_000;

/** [CLOSE1] [CLOSE5] The host ends the run. If it closes already, nothing changes: the order may have come twice. */
export function finishByHost(config: RunConfig, before: RunState, now: number): Step {
  if (before.closing) return stay(before);
  const state = withoutStuckRound(before);
  if (!isWorthJudging(state)) return finish(state, 'host');
  const closing = beginClosing(config, state, 'host', now);
  return hasJudge(config, closing.state, now) || isMaking(closing.state)
    ? closing
    : joinSteps(closing, finish(closing.state, 'host'));
}

/** [CLOSE5] The host waits for no judgement. */
export const finishNow = (before: RunState): Step => finish(withoutStuckRound(before), 'host');

/** [CLOSE1] Whether a version is there that somebody trained and nobody judged, or is being made. */
const isWorthJudging = (state: RunState): boolean =>
  state.phase !== 'draft' && (isMaking(state) || (state.manifest.version > 0 && !isTested(state)));

/** [CLOSE2] The updates of a round that has closed are taken yet. */
const isMaking = ({ round }: RunState): boolean => !isInTraining(round) && round.status !== 'over';

const isTested = ({ evaluatedVersion, manifest }: RunState): boolean => evaluatedVersion === manifest.version;

/** [CLOSE1] [CLOSE2] Nothing is trained any more. */
export function beginClosing(config: RunConfig, before: RunState, why: FinishReason, now: number): Step {
  const { spared: _, ...state } = before;
  const { round, evaluation } = state;
  const kept = evaluation && isWanted(state, evaluation.manifest.version, why) ? evaluation : null;
  const closing: RunState = {
    ...state,
    phase: 'open',
    closing: { why, since: now, progressAt: now, waitMs: waitMsOf(config, why), aloneSince: null },
    round: isInTraining(round) ? { status: 'over', number: round.number, served: {} } : round,
    evaluation: kept,
  };
  const unwanted = [...state.leases.values()].filter(
    lease => lease.role !== 'evaluator' || lease.round !== kept?.manifest.version,
  );
  const ended = endLeases(closing, unwanted, 'the run comes to its end');
  return joinSteps(
    { state: ended.state, events: [{ type: 'run-closing', why }, ...ended.events] },
    stay(startEvaluation(config, ended.state, now)),
  );
}

/** After the last round the version before it may be judged yet. A host who ends the run waits for the last one alone. */
const isWanted = (state: RunState, version: number, why: FinishReason): boolean =>
  why !== 'host' || (version === state.manifest.version && !isMaking(state));

const waitMsOf = ({ spec: { policy } }: RunConfig, why: FinishReason): number =>
  Math.max(PATIENCE_LEASES * policy.leaseMs, why === 'host' ? 0 : LONGER_MS);

/** [CLOSE4] Whether somebody is here who may judge. */
const hasJudge = (config: RunConfig, state: RunState, now: number): boolean =>
  config.spec.policy.evaluators === 'referees'
    ? activeReferees(config, state, now).count > 0
    : countActive(config, state, now) > 0;

/** [CLOSE1] [CLOSE4] After the last round the run closes. If nobody judges its last version in time, it finishes as it is. */
export function settleClosing(config: RunConfig, before: RunState, now: number): Step {
  if (before.phase !== 'open') return stay(before);
  if (!before.closing)
    return before.round.status === 'over' ? beginClosing(config, before, 'rounds', now) : stay(before);
  const state = withAlone(config, before, now);
  return now < closingDueAt(state) ? stay(state) : finish(state, before.closing.why);
}

function withAlone(config: RunConfig, state: RunState, now: number): RunState {
  const { closing } = state;
  if (!closing) return state;
  const isAlone = closing.why === 'host' && !isMaking(state) && !hasJudge(config, state, now);
  if (isAlone === (closing.aloneSince !== null)) return state;
  return { ...state, closing: { ...closing, aloneSince: isAlone ? now : null } };
}
