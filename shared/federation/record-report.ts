import type { EventBody } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../protocol/lease.ts';
import { isDivergence, noteDivergence, withoutDivergence } from './divergence/divergence.ts';
import { addResult, returnParts } from './evaluation/evaluation.ts';
import type { CohortEntry, RunConfig, RunInput, RunState, Step } from './run-state.ts';

export const joinSteps = (first: Step, second: Step): Step => ({
  state: second.state,
  events: [...first.events, ...second.events],
});

export function withoutLease(state: RunState, id: string): RunState {
  const { [id]: _, ...leases } = state.leases;
  return { ...state, leases };
}

/** What a cohort reports of the envelopes it took or refused, in its order. */
export function recordAnswers(
  config: RunConfig,
  before: RunState,
  { role, entries }: Extract<RunInput, { type: 'report' }>,
  now: number,
): Step {
  const record = (state: RunState, entry: CohortEntry): Step =>
    entry.ok ? accept(state, role, entry) : reject(config, state, role, entry, now);
  return entries.reduce<Step>((step, entry) => joinSteps(step, record(step.state, entry)), {
    state: before,
    events: [],
  });
}

/** The cohort's word is final: what it folded counts, even where the lease has ended meanwhile. */
function accept(state: RunState, role: Role, entry: Extract<CohortEntry, { ok: true }>): Step {
  const { lease, volunteer, round, bytes, sha256, norm, metrics } = entry;
  const told = {
    lease,
    volunteer,
    role,
    round,
    sha256,
    bytes,
    norm,
    backend: metrics.backend,
    downloadBytes: metrics.downloadBytes,
  };
  // Reports come at least once: an update of this round that is counted already is one told twice.
  const isCounted = round === state.round && state.served[role]?.includes(volunteer);
  if (isCounted && !('correct' in metrics)) return { state, events: [] };
  const event: EventBody = { type: 'update-accepted', ...told, ...measured(metrics) };
  const wasOpen = state.leases[lease] !== undefined;
  const next = answered(withoutLease(state, lease), volunteer);
  if ('correct' in metrics)
    return { state: wasOpen ? evaluated(next, round, metrics) : next, events: [event] };
  const trained = withoutDivergence(next);
  return { state: round === state.round ? serve(trained, role, volunteer) : trained, events: [event] };
}

function answered(state: RunState, id: string): RunState {
  const volunteer = state.volunteers[id];
  if (!volunteer || volunteer.unanswered === 0) return state;
  return { ...state, volunteers: { ...state.volunteers, [id]: { ...volunteer, unanswered: 0 } } };
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

const serve = (state: RunState, role: Role, volunteer: string): RunState => ({
  ...state,
  served: { ...state.served, [role]: [...(state.served[role] ?? []), volunteer] },
});

function evaluated(state: RunState, version: number, metrics: EvaluationMetrics): RunState {
  const { evaluation } = state;
  if (evaluation?.manifest.version !== version) return state;
  return { ...state, evaluation: addResult(evaluation, metrics) };
}

/** A refused answer ends its lease, so that somebody else may serve; one of no finite numbers has diverged ([DIV1]). */
function reject(
  config: RunConfig,
  state: RunState,
  role: Role,
  entry: Extract<CohortEntry, { ok: false }>,
  now: number,
): Step {
  const { lease, volunteer, bytes, reason, detail } = entry;
  const told = {
    lease,
    volunteer,
    role,
    bytes,
    reason,
    ...(detail === undefined ? {} : { detail: detail.slice(0, 300) }),
  };
  const events: EventBody[] = [{ type: 'update-refused', ...told }];
  const open = state.leases[lease];
  if (!open) return { state, events };
  const next = returnParts(withoutLease(state, lease), open);
  return isDivergence(reason)
    ? joinSteps({ state: next, events }, noteDivergence(config, next, open, now))
    : { state: next, events };
}
