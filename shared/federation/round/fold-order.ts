import { plannedTasks } from '../../plan/planned-tasks.ts';
import type { FoldRequest, TakeBackRequest } from '../../protocol/cohort-report.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { Task } from '../../protocol/lease.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import { isChecked } from '../check/is-checked.ts';
import { examplesBySegment } from '../lease/examples-by-segment.ts';
import type { RunState } from '../run-state.ts';
import { cohortsOfRound } from './leased-cohorts.ts';
import { type FoldingRound, rolesOf } from './round-state.ts';

/**
 * [PUB7] In which order the roles of a round fold. If several roles train a segment, its sum goes from the lightest of
 * them to the heaviest, and that one publishes it. So weights never pass through the coordinator, and each cohort holds
 * one shard at a time. Roles that share no segment fold at once.
 */

/** What a role of a folding round trains. */
type Trained = Pick<Task, 'role' | 'trains' | 'correction'>;

/** The roles of the round, the lightest first. */
function trainedBy(config: RunConfig, round: FoldingRound): Trained[] {
  const wanted = rolesOf(round);
  return plannedTasks(config, round.number).filter(({ role }) => wanted.includes(role));
}

/** The roles that can fold now and have not. Their cohorts are asked again until they reply, which is safe to repeat. */
export function pendingFolds(config: RunConfig, { phase, round }: Pick<RunState, 'phase' | 'round'>): Role[] {
  if (round.status !== 'folding' || phase === 'finished') return [];
  const isFolded = ({ role }: Trained): boolean => round.folded[role] !== undefined;
  const roles = trainedBy(config, round);
  return roles
    .filter(
      (one, i) => !isFolded(one) && roles.slice(0, i).every(other => isFolded(other) || !share(one, other)),
    )
    .map(({ role }) => role);
}

const share = (a: Trained, b: Trained): boolean => a.trains.some(id => b.trains.includes(id));

/** [BACK4] What is told to a cohort if the round is taken back. Null if it is not. */
export const pendingTakeBack = ({
  phase,
  round,
}: Pick<RunState, 'phase' | 'round'>): TakeBackRequest | null =>
  round.status === 'returning' && phase !== 'finished' ? { round: round.number, to: round.to } : null;

/** What a role is asked to fold, and which of its cohorts: those that may have an update of the round. */
export interface RoleFold {
  readonly request: FoldRequest;
  /** The first one leads the others. */
  readonly cohorts: readonly [number, ...number[]];
}

export const roleFold = (config: RunConfig, state: RunState, role: Role): RoleFold => ({
  request: foldRequest(config, state, role),
  cohorts: cohortsOfRound(config.spec, state.leasedCohorts, role, state.round.number),
});

/** What the cohorts of a role are asked to fold, together. */
export const foldRequest = (config: RunConfig, state: RunState, role: Role): FoldRequest =>
  foldRequestOf(config, state, role, segments => examplesBySegment(config, state, segments));

/**
 * The same of a round that is known only as it closed.
 * @param allExamples by segment, how many examples all volunteers have together ([PUB8])
 */
export function foldRequestOf(
  config: RunConfig,
  { round, manifest }: Pick<RunState, 'round' | 'manifest'>,
  role: Role,
  allExamples: (segments: readonly string[]) => Readonly<Record<string, number>>,
): FoldRequest {
  if (round.status !== 'folding') throw new Error(`round ${round.number} is not folding`);
  const roles = trainedBy(config, round);
  const place = roles.findIndex(one => one.role === role);
  const trains = roles[place]?.trains ?? [];
  const before = roles.slice(0, place).map(one => round.folded[one.role]?.handed ?? {});
  // A later one has added its own to what it was handed.
  const handed = Object.entries(Object.assign({}, ...before)).filter(([id]) => trains.includes(id));
  const drift = roles[place]?.correction === undefined ? {} : { allExamples: allExamples(trains) };
  return {
    round: round.number,
    manifest,
    handed: Object.fromEntries(handed) as FoldRequest['handed'],
    handsOn: trains.filter(id => roles.slice(place + 1).some(other => other.trains.includes(id))),
    ...drift,
    ...(isChecked(config.spec) && { tellsUpdates: true as const }),
    ...(round.refused && {
      leftOut: { turn: round.refused.turn, leases: round.refused.leases[role] ?? [] },
    }),
  };
}
