import type { FoldedRole } from '../../protocol/cohort-report.ts';
import type { Role } from '../../protocol/identifiers.ts';
import { setOf } from '../tables/set-of.ts';

/** Updates wanted, by role. */
export type Goals = Readonly<Partial<Record<Role, number>>>;

/** What every round has, whatever its status. */
interface AnyRound {
  /** From 1. The last round keeps its number when it is over. */
  readonly number: number;
  /** Who has served in this round, by role: their update was accepted. A volunteer counts once. */
  readonly served: Readonly<Partial<Record<Role, readonly string[]>>>;
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

/** [ROUND5] Closed. It leases nothing and takes no update, and its cohorts fold. */
export interface FoldingRound extends AnyRound {
  readonly status: 'folding';
  readonly goals: Goals;
  /** What the cohorts made of it so far. */
  readonly folded: Readonly<Partial<Record<Role, FoldedRole>>>;
}

/** The last version is out. Nothing is left to train. */
export interface OverRound extends AnyRound {
  readonly status: 'over';
}

export type RoundState = UnopenedRound | OpenRound | ExtendedRound | FoldingRound | OverRound;

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
  setOf(round.served[role] ?? []).has(volunteer);

export const servedCount = (round: RoundState, role: Role): number => round.served[role]?.length ?? 0;

/** Whether some role has an update. */
export const hasUpdates = (round: RoundState): boolean =>
  rolesOf(round).some(role => servedCount(round, role) > 0);
