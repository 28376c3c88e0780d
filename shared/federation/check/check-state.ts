import type { Role } from '../../protocol/identifiers.ts';
import type { RootLosses } from './root-loss.ts';

/** [CHECK4] The referee that is at a check. */
export interface Checker {
  /** Of the check, not of the referee. */
  readonly id: string;
  readonly volunteer: string;
  readonly until: number;
}

/** [CHECK7] That a candidate hurts, and what would not. */
export interface HurtFound {
  readonly before: RootLosses;
  readonly after: RootLosses;
  readonly limits: RootLosses;
  /** Above these it hurts badly. */
  readonly badly: RootLosses;
}

/** How far a candidate is checked. */
export interface CheckState {
  /** Null if nobody is at it. */
  readonly by: Checker | null;
  /** [CHECK5] If nobody has taken it until then, the candidate is published. Null if the round waits for its referee. */
  readonly waitsUntil: number | null;
  /** Left out as long as the candidate is not known to hurt. */
  readonly hurt?: HurtFound;
}

/** [CHECK7] What the folds of a round leave out. */
export interface RefusedUpdates {
  /** Of the fold. The first time that something is left out it is 2. */
  readonly turn: number;
  /** By role, the leases of all updates that were refused so far. */
  readonly leases: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** [CHECK8] Nothing of the round is taken. */
  readonly isAll?: true;
}

/** [CHECK6] A version that was measured on the root set. */
export interface MeasuredVersion {
  readonly version: number;
  readonly losses: RootLosses;
}
