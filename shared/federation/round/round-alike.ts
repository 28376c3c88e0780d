import { trainedKinds } from '../../plan/trained-kinds.ts';
import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';

/** What a lease was for. */
export interface LeasedRole {
  readonly role: Role;
  readonly round: number;
  /** [ROOT5] It counts in its own round and no other. */
  readonly root?: true;
}

/**
 * The first round from `first` on in which the role trains what it trained in the lease's round: the same segments, and
 * the same channels of them. Then the update has the tensors of that round's other updates, so that they can be summed.
 * @returns null if there is none among the `maxStaleness` rounds after the lease's
 */
export function firstRoundAlike(
  config: RunConfig,
  { role, round }: LeasedRole,
  first: number,
): number | null {
  if (round >= first) return round;
  const trained = (number: number): string | undefined => trainedKinds(config, number).get(role);
  const wanted = trained(round);
  const last = Math.min(config.spec.rounds, round + config.spec.policy.maxStaleness);
  for (let number = first; number <= last; number++) if (trained(number) === wanted) return number;
  return null;
}
