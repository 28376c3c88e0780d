import type { Role } from '../../protocol/identifiers.ts';
import type { RunConfig } from '../../protocol/run-config.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import { rolesOf, servedCount, wantedInAll } from '../round/round-state.ts';
import type { RunState } from '../run-state.ts';
import { isProven } from '../volunteer/is-proven.ts';
import type { VolunteerState } from '../volunteer/volunteer-state.ts';
import { ownPace } from './own-pace.ts';

/** A lease that takes so many times as long as expected is overdue: what one device takes varies less than what others take. */
const OWN_SLACK = 1.5;
const SLACK = 2;
/** A told speed was measured without downloads, and on a cool device. */
const TOLD_SLACK = 4;
/** So many volunteers say how long others take. */
const ENOUGH = 3;

/** How long a lease may take, and whether it is known from updates. */
interface Expected {
  readonly ms: number;
  /** If not, it is guessed from the speed that the device told, or not at all. */
  readonly isKnown: boolean;
}

/**
 * [LEASE17] How long a lease may take this volunteer, by its own last ones or those of devices like it. If neither is
 * known, by its told speed, and no longer than others may take.
 */
export function expectedTime(
  state: RunState,
  volunteer: VolunteerState,
  role: Role,
  macs: number,
): Expected | null {
  const own = ownPace(volunteer, role);
  if (own !== null) return { ms: OWN_SLACK * own * macs, isKnown: true };
  const { device } = volunteer.identity;
  const like = state.paces.like(role, device);
  if (like.count >= ENOUGH) return { ms: SLACK * like.most * macs, isKnown: true };
  const others = paceOfOthers(state, volunteer, role);
  const toldMs =
    device.macsPerSecond > 0 ? (TOLD_SLACK * 1_000 * macs) / device.macsPerSecond : Number.POSITIVE_INFINITY;
  const ms = Math.min(toldMs, others === null ? Number.POSITIVE_INFINITY : SLACK * others * macs);
  return Number.isFinite(ms) ? { ms, isKnown: others !== null } : null;
}

/**
 * Known from three volunteers on, or once the round has half of its updates. [CROWD5] Of newcomers, many may return nothing, so
 * the first one who returned an update says how long they may take.
 */
function paceOfOthers(state: RunState, volunteer: VolunteerState, role: Role): number | null {
  const all = state.paces.all(role);
  if (all.count >= ENOUGH) return all.most;
  if (isProven(volunteer) && !isHalfDone(state)) return null;
  if (all.count > 0) return all.most;
  const any = state.paces.inAnyRole();
  return any.count > 0 ? any.most : null;
}

function isHalfDone({ round }: RunState): boolean {
  const roles = rolesOf(round);
  const wanted = wantedInAll(round);
  const served = roles.reduce((sum, role) => sum + servedCount(round, role), 0);
  return wanted > 0 && 2 * served >= wanted;
}

/** [LEASE17] The same within the bounds of the policy. */
export const patienceMs = ({ spec }: RunConfig, ms: number): number =>
  Math.min(spec.policy.leaseMs, Math.max(shortestMs(spec), ms));

const shortestMs = ({ policy }: RunSpec): number => Math.min(policy.shortestLeaseMs, policy.leaseMs);
