import type { FoldedRole } from '../../protocol/cohort-report.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { CheckState, RefusedUpdates } from '../check/check-state.ts';
import { setOf } from '../tables/set-of.ts';

/** Updates wanted, by role. */
export type Goals = Readonly<Partial<Record<Role, number>>>;

/**
 * [ACC2] So many updates of one volunteer count in a round at most: one to a lease of that round and a late one, or two
 * late ones. So nobody who kept many can make a round alone.
 */
export const MOST_UPDATES_A_ROUND = 2;

/** [ROUND6] An update that counts in a later round than its lease's. */
export interface LateUpdate {
  readonly volunteer: string;
  /** The lease's. */
  readonly round: number;
}

/** Late updates, by role. */
export type LateUpdates = Readonly<Partial<Record<Role, readonly LateUpdate[]>>>;

/** What every round has, whatever its status. */
export interface AnyRound {
  /** From 1. The last round keeps its number when it is over. */
  readonly number: number;
  /** Who has served in this round, by role: their update to a lease of it was accepted. A volunteer counts once. */
  readonly served: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Updates to leases of earlier rounds that count in this one. Left out if there are none. */
  readonly late?: LateUpdates;
  /** The same of rounds that have not begun, by their number. */
  readonly upcoming?: Readonly<Record<number, LateUpdates>>;
  /** [ROOT5] Whose root update there is, by role. Left out if there is none. */
  readonly roots?: Readonly<Partial<Record<Role, string>>>;
}

/** A round in which training is leased. */
interface TrainingRound extends AnyRound {
  /**
   * [ROUND4] Since when the round is idle: somebody asks for work and gets none, and nobody is at work. Null if it is
   * not idle.
   */
  readonly idleSince: number | null;
}

/** No training lease yet. The first one opens it. */
export interface UnopenedRound extends TrainingRound {
  readonly status: 'unopened';
}

export interface OpenRound extends TrainingRound {
  readonly status: 'open';
  readonly goals: Goals;
  readonly deadlineAt: number;
}

/**
 * [ROUND3] Its deadline passed and no update was there. It has no deadline until the next training lease opens it
 * again. The goals are kept: they say which cohorts fold if an update that was accepted in time is reported late.
 */
export interface ExtendedRound extends TrainingRound {
  readonly status: 'extended';
  readonly goals: Goals;
}

/** [ROUND5] A round that leases nothing and takes no update. */
export interface ClosedRound extends AnyRound {
  readonly goals: Goals;
  /** What the cohorts made of it so far. */
  readonly folded: Readonly<Partial<Record<Role, FoldedRole>>>;
  /** [CHECK7] Left out as long as no update is refused. */
  readonly refused?: RefusedUpdates;
}

/** Its cohorts fold. */
export interface FoldingRound extends ClosedRound {
  readonly status: 'folding';
}

/** [CHECK2] They have, and a referee measures what came of it. */
export interface CheckingRound extends ClosedRound {
  readonly status: 'checking';
  readonly check: CheckState;
}

/** [BACK1] It is taken back, and its cohorts are told. */
export interface ReturningRound extends AnyRound {
  readonly status: 'returning';
  /** The version that the run returns to. */
  readonly to: number;
}

/** The last version is out. Nothing is left to train. */
export interface OverRound extends AnyRound {
  readonly status: 'over';
}

export type RoundState =
  | UnopenedRound
  | OpenRound
  | ExtendedRound
  | FoldingRound
  | CheckingRound
  | ReturningRound
  | OverRound;

export const unopenedRound = (number: number): UnopenedRound => ({
  status: 'unopened',
  number,
  served: {},
  idleSince: null,
});

/** Whether training is leased in it, now or from its first lease on. */
export const isInTraining = (round: RoundState): round is UnopenedRound | OpenRound | ExtendedRound =>
  round.status === 'unopened' || round.status === 'open' || round.status === 'extended';

/** Empty before the round opens and after its version is out. */
export const goalsOf = (round: RoundState): Goals => ('goals' in round ? round.goals : {});

/** Roles that the round wants updates of. */
export const rolesOf = (round: RoundState): Role[] => Object.keys(goalsOf(round)) as Role[];

export const goalOf = (round: RoundState, role: Role): number => goalsOf(round)[role] ?? 0;

export const hasServed = (round: RoundState, role: Role, volunteer: string): boolean =>
  round.served[role]?.includes(volunteer) ?? false;

/** In any role. It is asked of many volunteers in a row. */
export const hasServedIn = (round: RoundState, volunteer: string): boolean =>
  rolesOf(round).some(role => setOf(round.served[role] ?? nobody).has(volunteer));

const nobody: readonly string[] = [];

/** How many updates the round wants, of all roles together. */
export const wantedInAll = (round: RoundState): number =>
  rolesOf(round).reduce((sum, role) => sum + goalOf(round, role), 0);

/** How many have served in the round, those of several roles once for each. */
export const servedInAll = (round: RoundState): number =>
  rolesOf(round).reduce((sum, role) => sum + (round.served[role]?.length ?? 0), 0);

/** Updates that count in the round, late ones too. */
export const servedCount = (round: RoundState, role: Role): number =>
  (round.served[role]?.length ?? 0) + lateIn(round, role).length;

/** How many of the late ones are this volunteer's. */
export const lateOf = (round: RoundState, role: Role, volunteer: string): number =>
  lateIn(round, role).filter(update => update.volunteer === volunteer).length;

export const lateIn = ({ late }: RoundState, role: Role): readonly LateUpdate[] => late?.[role] ?? [];

/** Whose updates the round is made of, each once. */
export const trainersOf = (round: RoundState): string[] => [
  ...new Set(
    rolesOf(round).flatMap(role => [
      ...(round.served[role] ?? []),
      ...lateIn(round, role).map(({ volunteer }) => volunteer),
    ]),
  ),
];

/** What a round keeps when its status changes. */
export const keptOf = ({ number, served, roots, late, upcoming }: RoundState): AnyRound => ({
  number,
  served,
  ...(roots && { roots }),
  ...(late && { late }),
  ...(upcoming && { upcoming }),
});

/** The round after this one, with the updates that have come for it already. */
export function nextRound({ number, upcoming = {} }: RoundState): UnopenedRound {
  const { [number + 1]: late, ...rest } = upcoming;
  return {
    ...unopenedRound(number + 1),
    ...(late && { late }),
    ...(Object.keys(rest).length > 0 && { upcoming: rest }),
  };
}

/** The round with one late update more. */
export function withLate(round: RoundState, role: Role, update: LateUpdate, countsIn: number): RoundState {
  const add = (late: LateUpdates = {}): LateUpdates => ({ ...late, [role]: [...(late[role] ?? []), update] });
  return countsIn === round.number
    ? { ...round, late: add(round.late) }
    : { ...round, upcoming: { ...round.upcoming, [countsIn]: add(round.upcoming?.[countsIn]) } };
}

/** Whether this late update is counted already, in this round or in one that has not begun. */
export const hasLate = (round: RoundState, role: Role, update: LateUpdate, countsIn: number): boolean =>
  ((countsIn === round.number ? round.late : round.upcoming?.[countsIn])?.[role] ?? []).some(
    other => other.volunteer === update.volunteer && other.round === update.round,
  );

/** Whether some role has an update. */
export const hasUpdates = (round: RoundState): boolean =>
  rolesOf(round).some(role => servedCount(round, role) > 0);
