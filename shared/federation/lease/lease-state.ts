import type { Role } from '../../protocol/identifiers.ts';

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
}
