import type { FoldedRole } from '../../protocol/cohort-report.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Manifest, SegmentVersion, Slots } from '../../protocol/model-outline.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { noteTrainers } from '../divergence/divergence.ts';
import { startEvaluation } from '../evaluation/evaluation.ts';
import { countAble } from '../lease/crowd.ts';
import { endLeases } from '../lease/end-leases.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import { roundPolicyOf } from './round-policy.ts';
import {
  type ExtendedRound,
  type FoldingRound,
  isInTraining,
  type OpenRound,
  type RoundState,
  rolesOf,
  unopenedRound,
} from './round-state.ts';

/**
 * A round's life, in the order in which it happens:
 *
 *   unopened → open → folding → (the next one) unopened, or over
 *               ↕
 *            extended → folding
 *
 * `round-state` says what each status knows. `round-policy` says when a round opens and closes.
 */

/**
 * [ROUND1] The first training lease opens the round. It also opens an extended round again, with goals for those who
 * are there now.
 */
export function openRound(config: RunConfig, state: RunState, now: number): Step {
  const { round } = state;
  if (round.status !== 'unopened' && round.status !== 'extended') return stay(state);
  const able = countAble(config, state, now);
  const { goals, deadlineAt } = roundPolicyOf(config.spec).opens(config.spec, able, now);
  const { number, idleSince } = round;
  return {
    state: { ...state, round: { status: 'open', number, served: {}, idleSince, goals, deadlineAt } },
    events: [{ type: 'round-opened', round: number, goals }],
  };
}

/** An update of this round was accepted. */
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
  if (state.phase !== 'open' || state.leases.size > 0) return stay(noteBusy(state));
  if (round.idleSince === null)
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
  const next = roundPolicyOf(config.spec).closes(round, now, idleMs);
  if (next === 'close') return stay({ ...state, round: closed(round) });
  if (next === null) return stay(state);
  const { number, served, idleSince, goals } = round;
  return {
    state: { ...state, round: { status: 'extended', number, served, idleSince, goals } },
    events: [{ type: 'round-extended', round: number }],
  };
}

const closed = ({
  number,
  served,
  goals,
}: Exclude<RoundState, { status: 'unopened' | 'over' }>): FoldingRound => ({
  status: 'folding',
  number,
  served,
  goals,
  folded: {},
});

/** [PUB2] A cohort has folded. A fold of another round, of a role without a goal, or a second one changes nothing. */
export function noteFold(state: RunState, role: Role, number: number, result: FoldedRole): Step {
  const { round } = state;
  const isExpected =
    round.status === 'folding' &&
    number === round.number &&
    round.goals[role] !== undefined &&
    round.folded[role] === undefined;
  if (!isExpected) return stay(state);
  return stay({ ...state, round: { ...round, folded: { ...round.folded, [role]: result } } });
}

/** [PUB1] When every cohort has folded, the next version is out and the next round begins. */
export function publish(config: RunConfig, state: RunState): Step {
  const { round } = state;
  if (round.status !== 'folding') return stay(state);
  const roles = rolesOf(round);
  const folds = roles.flatMap(role => round.folded[role] ?? []);
  if (folds.length < roles.length) return stay(state);
  const version = state.manifest.version + 1;
  const changed: FoldedRole['segments'] = Object.assign({}, ...folds.map(({ segments }) => segments));
  const slots: FoldedRole['slots'] = Object.assign({}, ...folds.map(fold => fold.slots));
  const manifest = nextManifest(state.manifest, version, changed, slots);
  const ended = endTrainingLeases(state);
  const next = { ...ended.state, manifest, round: roundAfter(config, round) };
  return {
    state: startEvaluation(
      config,
      noteTrainers(next, [...new Set(roles.flatMap(role => round.served[role] ?? []))]),
    ),
    events: [
      ...ended.events,
      {
        type: 'version-published',
        version,
        round: round.number,
        updates: Object.fromEntries(roles.map((role, i) => [role, folds[i]?.updates ?? 0])),
        segments: hashesOf(manifest, Object.keys(changed)),
      },
    ],
  };
}

const roundAfter = ({ spec }: RunConfig, { number }: FoldingRound): RoundState =>
  number >= spec.rounds ? { status: 'over', number, served: {} } : unopenedRound(number + 1);

/** [PUB3] Their round is closed: an update would be stale. */
const endTrainingLeases = (state: RunState): Step =>
  endLeases(
    state,
    [...state.leases.values()].filter(lease => lease.role !== 'evaluator'),
    'the round closed',
  );

/** [PUB1] A segment that nobody returned keeps its weights. */
const nextManifest = (
  manifest: Manifest,
  version: number,
  changed: FoldedRole['segments'],
  slots: FoldedRole['slots'] = {},
): Manifest => ({
  version,
  segments: {
    ...manifest.segments,
    ...Object.fromEntries(
      Object.entries(changed).map(([id, shards]) => [
        id,
        { version, shards: [...shards], ...slotsIn(slots[id]) },
      ]),
    ),
  },
});

/** [PUB8] As a manifest has them. */
const slotsIn = (slots: Slots | undefined): Pick<SegmentVersion, 'slots'> =>
  slots
    ? { slots: Object.fromEntries(Object.entries(slots).map(([name, files]) => [name, [...files]])) }
    : {};

const hashesOf = (manifest: Manifest, segments: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    segments.map(id => [id, manifest.segments[id]?.shards.map(({ sha256 }) => sha256) ?? []]),
  );
