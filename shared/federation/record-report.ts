import type { CohortEntry } from '../protocol/cohort-report.ts';
import { cutText } from '../protocol/cut-text.ts';
import type { EventBody } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../protocol/lease.ts';
import { fruitlessBy } from '../protocol/pause.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { noteFruitless, withoutDivergence } from './divergence/divergence.ts';
import { countEvaluation, noteFailedJudge } from './evaluation/evaluation.ts';
import { keepGroup, seeIfKnown } from './lease/crowd.ts';
import { withoutLease } from './lease/end-leases.ts';
import { noteReturn, startNext } from './lease/lease-timing.ts';
import { noteUpdate } from './lease/reliability.ts';
import { noteOutcome } from './lease/return-rate.ts';
import { countRoot } from './round/root-updates.ts';
import { countUpdate } from './round/round.ts';
import { hasLate, hasServed, withLate } from './round/round-state.ts';
import type { RunInput, RunState } from './run-state.ts';
import { joinSteps, type Step, stay, stepEach } from './step.ts';
import { isFault, noteLoss } from './volunteer/standing.ts';

type Accepted = Extract<CohortEntry, { ok: true }>;
type Refused = Extract<CohortEntry, { ok: false }>;

/** What a cohort reports of the envelopes that it accepted or refused, in its order. */
export function recordReport(
  config: RunConfig,
  before: RunState,
  { role, entries }: Extract<RunInput, { type: 'report' }>,
  now: number,
): Step {
  const record = (state: RunState, entry: CohortEntry): Step =>
    entry.ok
      ? recordAccepted(config, state, role, entry, now)
      : recordRefused(config, state, role, entry, now);
  return stepEach(before, entries, record);
}

/** [REP1] The cohort's word is final. An update that it accepted counts, even if the lease has ended meanwhile. */
function recordAccepted(config: RunConfig, state: RunState, role: Role, entry: Accepted, now: number): Step {
  const { lease, volunteer, metrics } = entry;
  const isTraining = !('correct' in metrics);
  if (isTraining && isCounted(state, role, entry)) return stay(state);
  const events = [acceptedEvent(role, entry)];
  const open = state.leases.get(lease);
  const ended = startNext(
    config,
    noteUpdate(withoutLease(state, lease), volunteer, isTraining),
    volunteer,
    now,
  );
  const timed = (after: RunState): RunState => {
    const seen = seeIfKnown(config, after, volunteer, now);
    return open ? noteReturn(config, noteOutcome(seen, open, true), open, now) : seen;
  };
  if (isTraining) return { state: timed(countTraining(withoutDivergence(ended), role, entry)), events };
  const isJudging = open?.role === 'evaluator';
  return { state: timed(isJudging ? countEvaluation(ended, open, metrics, now) : ended), events };
}

/** [REP2] A report may be told twice. Then an update of a round that is not over is counted already. */
const isCounted = (
  { round: now }: RunState,
  role: Role,
  { volunteer, round, countsIn = round, root }: Accepted,
) =>
  root
    ? round === now.number && now.roots?.[role] === volunteer
    : countsIn === round
      ? round === now.number && hasServed(now, role, volunteer)
      : hasLate(now, role, { volunteer, round }, countsIn);

/**
 * [ROUND6] In its lease's round, or in a later one, which may not have begun. What comes for an older one is told only, and
 * so is what was trained before the run was taken back ([BACK3]).
 */
function countTraining(
  state: RunState,
  role: Role,
  { volunteer, round, countsIn = round, root }: Accepted,
): RunState {
  const { number, status } = state.round;
  if (round <= (status === 'returning' ? number : (state.takenBackAt ?? 0))) return state;
  if (root) return round === number ? countRoot(state, role, volunteer) : state;
  if (countsIn === round) return round === number ? countUpdate(state, role, volunteer) : state;
  if (countsIn < number) return state;
  return { ...state, round: withLate(state.round, role, { volunteer, round }, countsIn) };
}

/** What the ledger says of an update that a cohort accepted. */
export function acceptedEvent(role: Role, entry: Accepted): EventBody {
  const { lease, volunteer, round, countsIn, root, bytes, sha256, norm, metrics } = entry;
  const { backend, downloadBytes } = metrics;
  const how = { ...(countsIn !== undefined && { countsIn }), ...(root && { root }) };
  const told = { lease, volunteer, role, round, ...how, sha256, bytes, norm, backend, downloadBytes };
  return { type: 'update-accepted', ...told, ...measured(metrics) };
}

const measured = (
  metrics: TrainingMetrics | EvaluationMetrics,
): { loss: number; samplesPerSecond: number | null } =>
  'correct' in metrics
    ? { loss: metrics.lossSum / Math.max(1, metrics.examples), samplesPerSecond: null }
    : {
        loss: metrics.loss,
        samplesPerSecond: metrics.trainMs > 0 ? (metrics.samples * 1_000) / metrics.trainMs : null,
      };

/**
 * [REP3] A refused update ends its lease, so that somebody else may serve. Its training was fruitless if no update may
 * hold its values ([DIV1]).
 */
function recordRefused(
  config: RunConfig,
  before: RunState,
  role: Role,
  { lease, volunteer, bytes, reason, detail }: Refused,
  now: number,
): Step {
  const told = detail === undefined ? {} : { detail: cutText(detail, 300) };
  const open = before.leases.get(lease);
  // The first refusal ends the lease. So no lease costs more than one.
  const isLost = open !== undefined && isFault(before, reason);
  const state = isLost ? keepGroup(config, noteLoss(before, volunteer, 'refused'), volunteer) : before;
  const lost = isLost ? ({ costsStanding: true } as const) : {};
  const events: EventBody[] = [
    { type: 'update-refused', lease, volunteer, role, bytes, reason, ...told, ...lost },
  ];
  if (!open) return { state, events };
  const next = startNext(config, noteFailedJudge(withoutLease(state, lease), open), volunteer, now);
  const why = fruitlessBy(reason);
  return why === null
    ? { state: next, events }
    : joinSteps({ state: next, events }, noteFruitless(config, next, open, { why, ...told }, now));
}
