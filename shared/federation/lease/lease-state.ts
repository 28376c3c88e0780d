import type { Role } from '../../protocol/identifiers.ts';

/** [LEASE17] How long a lease takes. */
export interface LeaseTiming {
  /** When its work began. Null as long as another lease of its holder goes first. */
  readonly startedAt: number | null;
  /** Multiply-accumulates over all its examples. */
  readonly macs: number;
  /** When it is overdue. Null if nobody knows how long it takes. */
  readonly overdueAt: number | null;
  /** Whether that is known from updates, or only guessed. */
  readonly isKnown: boolean;
}

/** A lease in hand. */
export interface LeaseState {
  readonly id: string;
  readonly volunteer: string;
  readonly role: Role;
  /** The round that is trained, or the version that is evaluated. */
  readonly round: number;
  readonly parts: readonly number[];
  readonly examples: number;
  readonly deadlineAt: number;
  /** [STAND7] The share of its examples that its update weighs. Left out if that is all of them. */
  readonly share?: number;
  /** Left out in leases that an older release granted. */
  readonly timing?: LeaseTiming;
  /** [ROOT4] On the root set. Left out otherwise. */
  readonly root?: true;
  /** [CROWD5] Set if a newcomer holds it that somebody who has worked could have had. */
  readonly isTrial?: true;
  /** [LEASE18] Set if its place is free for somebody else. */
  readonly isFreed?: true;
}
