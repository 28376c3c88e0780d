import { aggregationOf, type FoldedRole } from '../../protocol/cohort-report.ts';
import type { EventBody } from '../../protocol/events.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Manifest, SegmentVersion, Slots } from '../../protocol/model-outline.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { noteTrainers } from '../divergence/divergence.ts';
import { startEvaluation } from '../evaluation/evaluation.ts';
import { countAble } from '../lease/crowd.ts';
import { endLeases } from '../lease/end-leases.ts';
import type { LeaseState } from '../lease/lease-state.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import { noteWork } from '../volunteer/standing.ts';
import { withoutFoldFailures } from './fold-failures.ts';
import { hashesOf } from './manifests.ts';
import { noteRootMissed, waitsForRoot } from './root-updates.ts';
import { roundPolicyOf } from './round-policy.ts';
import {
  type ExtendedRound,
  type FoldingRound,
  isInTraining,
  keptOf,
  nextRound,
  type OpenRound,
  type RoundState,
  rolesOf,
  trainersOf,
} from './round-state.ts';

type VersionPublished = Extract<EventBody, { type: 'version-published' }>;

/**
 * A round's life, in the order in which it happens:
 *
 *   unopened → open → folding → (the next one) unopened, or over
 *               ↕
 *            extended → folding
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
    round.goals[role] !== undefined &&
    round.folded[role] === undefined;
  if (!isExpected) return stay(state);
  const folded = { ...round.folded, [role]: result };
  return stay(withoutFoldFailures({ ...state, round: { ...round, folded } }));
}

/** [PUB1] When every role has folded, the next version is out and the next round begins. */
export function publish(config: RunConfig, state: RunState, now: number): Step {
  const { round } = state;
  if (round.status !== 'folding') return stay(state);
  const roles = rolesOf(round);
  const folds = roles.flatMap(role => round.folded[role] ?? []);
  if (folds.length < roles.length) return stay(state);
  const version = state.manifest.version + 1;
  const changed: FoldedRole['segments'] = Object.assign({}, ...folds.map(({ segments }) => segments));
  const slots: FoldedRole['slots'] = Object.assign({}, ...folds.map(fold => fold.slots));
  const allExamples: FoldedRole['allExamples'] = Object.assign({}, ...folds.map(fold => fold.allExamples));
  const manifest = nextManifest(state.manifest, version, changed, slots);
  const ended = endStaleLeases(config, state, round.number + 1);
  const next = noteWork({ ...ended.state, manifest, round: roundAfter(config, round) }, worked(round.folded));
  return {
    state: startEvaluation(config, noteTrainers(next, trainersOf(round)), now),
    events: [
      ...ended.events,
      {
        type: 'version-published',
        version,
        round: round.number,
        updates: Object.fromEntries(roles.map((role, i) => [role, folds[i]?.updates ?? 0])),
        segments: hashesOf(manifest, Object.keys(changed)),
        ...(Object.keys(allExamples ?? {}).length > 0 ? { allExamples } : {}),
        ...toldAggregation(round.folded),
        ...toldWork(round.folded),
      },
    ],
  };
}

/** What the ledger says of how the updates of each role counted. */
function toldAggregation(folded: FoldingRound['folded']): Pick<VersionPublished, 'aggregation'> {
  const told = Object.entries(folded).flatMap(([role, fold]) =>
    fold && hasTold(fold) ? [[role, aggregationOf(fold)] as const] : [],
  );
  return told.length > 0 ? { aggregation: Object.fromEntries(told) } : {};
}

/** [STAND2] By role, what its updates were worth. */
const worked = (folded: FoldingRound['folded']): NonNullable<VersionPublished['work']> =>
  Object.fromEntries(
    Object.entries(folded).flatMap(([role, fold]) => (fold?.work ? [[role, fold.work] as const] : [])),
  );

function toldWork(folded: FoldingRound['folded']): Pick<VersionPublished, 'work'> {
  const work = worked(folded);
  return Object.keys(work).length > 0 ? { work } : {};
}

const hasTold = (fold: FoldedRole): boolean => Object.keys(aggregationOf(fold)).length > 0;

const roundAfter = ({ spec }: RunConfig, round: FoldingRound): RoundState =>
  round.number >= spec.rounds ? { status: 'over', number: round.number, served: {} } : nextRound(round);

/** [PUB3] Leases whose updates can count in no round any more, now that this one is the first that takes any. */
function endStaleLeases(config: RunConfig, state: RunState, first: number): Step {
  const training = [...state.leases.values()].filter(({ role }) => role !== 'evaluator');
  // All leases of a role and round are alike, and to plan a round takes a moment.
  const kinds = new Map(training.map(lease => [kindOf(lease), lease]));
  const policy = roundPolicyOf(config.spec);
  const stale = [...kinds.values()].filter(lease => policy.countsIn(config, lease, first) === null);
  const ended = new Set(stale.map(kindOf));
  return endLeases(
    state,
    training.filter(lease => ended.has(kindOf(lease))),
    'the round closed',
  );
}

const kindOf = ({ role, round, root }: LeaseState): string => `${role} ${round} ${root ?? ''}`;

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
