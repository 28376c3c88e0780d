import type { CheckVerdict } from '../protocol/check.ts';
import type { CohortEntry, FoldedRole } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { ControlAction, Device } from '../protocol/messages.ts';
import type { Manifest, ShardRef } from '../protocol/model-outline.ts';
import type { MeasuredVersion } from './check/check-state.ts';
import { closingDueAt } from './closing/closing-due.ts';
import type { ClosingState } from './closing/closing-state.ts';
import { type DivergenceState, noDivergence } from './divergence/divergence-state.ts';
import type { EvaluationState, JudgedVersion } from './evaluation/evaluation-state.ts';
import { LeaseTable } from './lease/lease-table.ts';
import { PaceTable } from './lease/pace-table.ts';
import type { FoldAttempt, FoldFailures } from './round/fold-state.ts';
import type { LeasedCohorts } from './round/leased-cohorts.ts';
import { type RoundState, unopenedRound } from './round/round-state.ts';
import { Table } from './tables/table.ts';
import type { Returns } from './take-back/take-back-state.ts';
import { Presence } from './volunteer/presence.ts';
import type { VolunteerState } from './volunteer/volunteer-state.ts';

/** [CROWD1] [CROWD3] In the order of joining: those who are here, and those who have worked. An index is given once. */
export type VolunteerTable = Table<VolunteerState>;

/** [LEASE19] Roles of a round of which the ledger says that they fit nobody's device. */
interface UnfitRoles {
  readonly round: number;
  readonly roles: readonly Role[];
}

/** All that a run's decisions depend on. It is a value, so it can be stored, replayed and compared. */
export interface RunState {
  readonly phase: 'draft' | 'open' | 'paused' | 'finished';
  /** The newest version. */
  readonly manifest: Manifest;
  readonly round: RoundState;
  readonly evaluation: EvaluationState | null;
  readonly evaluatedVersion: number | null;
  readonly divergence: DivergenceState;
  /** Left out while no fold of the round has failed. */
  readonly foldFailures?: FoldFailures;
  /** Left out while cohort 0 takes all updates. */
  readonly leasedCohorts?: LeasedCohorts;
  /** [CLOSE1] Left out before the run closes. */
  readonly closing?: ClosingState;
  /** [LEASE19] Left out while every role fits somebody's device. */
  readonly unfit?: UnfitRoles;
  /** [BACK5] The versions that were judged lately, the oldest first. Left out before the first one. */
  readonly judged?: readonly JudgedVersion[];
  /** [CHECK6] The versions that were measured on the root set lately, the oldest first. Left out before the first one. */
  readonly measured?: readonly MeasuredVersion[];
  /** [BACK3] The last round that was taken back. Left out if none was. */
  readonly takenBackAt?: number;
  /** [BACK6] Left out if the run has not returned by itself lately. */
  readonly returns?: Returns;
  /** [EVAL12] Who gets no training lease. Left out if nobody is spared. */
  readonly spared?: readonly string[];
  /** [ROOT6] The last round closed without a root update that it could have had. Left out otherwise. */
  readonly rootMissed?: true;
  /** The next training part that a role is given: each role passes over all the data. */
  readonly cursors: Readonly<Partial<Record<Role, number>>>;
  /** [LEASE5] The share of the last training leases that returned an update before they lost their place. */
  readonly returnRate: number;
  /** Volunteers who ever joined. */
  readonly joined: number;
  readonly volunteers: VolunteerTable;
  /** The leases in hand. */
  readonly leases: LeaseTable;
  /** How quick they are. It follows from their rows, and is not stored. */
  readonly paces: PaceTable;
  /** Who is here. It is not stored: `presenceAtWakeUp` makes a new one. */
  readonly presence: Presence;
}

export type RunInput =
  | { readonly type: 'control'; readonly action: ControlAction }
  | {
      readonly type: 'join';
      readonly volunteer: string;
      readonly name: string;
      readonly device: Device;
      readonly referee: boolean;
      /** The key that it joined with, if that is one that ends. */
      readonly key?: string;
    }
  | { readonly type: 'remove'; readonly volunteer: string }
  | { readonly type: 'rename'; readonly volunteer: string; readonly name: string }
  | {
      readonly type: 'request-lease';
      readonly volunteer: string;
      readonly lease: string;
      /** If the device has measured itself again. */
      readonly macsPerSecond?: number | undefined;
      /** A lease of its own that goes on beside the one asked for. */
      readonly beside?: string | undefined;
    }
  | {
      readonly type: 'release';
      readonly volunteer: string;
      readonly lease: string;
      readonly reason: string;
      /** Given back because its loss or its update was not finite any more. */
      readonly diverged?: boolean;
    }
  | { readonly type: 'report'; readonly role: Role; readonly entries: readonly CohortEntry[] }
  | { readonly type: 'folded'; readonly role: Role; readonly round: number; readonly result: FoldedRole }
  | FoldAttempt
  /** [CHECK4] A referee asks for a check, which would have this id. */
  | { readonly type: 'request-check'; readonly volunteer: string; readonly check: string }
  /** [CHECK3] [CHECK7] What a referee has found. */
  | {
      readonly type: 'checked';
      readonly volunteer: string;
      readonly check: string;
      readonly verdict: CheckVerdict;
    }
  /** [BACK1] The host takes the run back to a version that is kept. */
  | { readonly type: 'take-back'; readonly to: number }
  /** [BACK4] Every cohort knows that the round is taken back. The manifest is that of the version to return to. */
  | { readonly type: 'returned'; readonly round: number; readonly manifest: Manifest }
  | {
      /** Who is known to be here, and who has left: from those who hold the volunteers' sockets. */
      readonly type: 'presence';
      readonly here: readonly string[];
      readonly gone: readonly string[];
    }
  | { readonly type: 'alarm' };

/** @param segments shards of version 0 */
export const initialState = (segments: Readonly<Record<string, readonly ShardRef[]>>): RunState => ({
  phase: 'draft',
  manifest: {
    version: 0,
    segments: Object.fromEntries(
      Object.entries(segments).map(([id, shards]) => [id, { version: 0, shards: [...shards] }]),
    ),
  },
  round: unopenedRound(1),
  evaluation: null,
  evaluatedVersion: null,
  divergence: noDivergence,
  cursors: {},
  returnRate: 1,
  joined: 0,
  volunteers: Table.of<VolunteerState>([]),
  leases: LeaseTable.of([]),
  paces: PaceTable.of([]),
  presence: Presence.of([]),
});

/** The next moment at which something is due without anybody asking; null if nothing is. */
export function nextAlarm(state: RunState): number | null {
  const { phase, round, leases } = state;
  if (phase === 'finished') return null;
  const firstDue = leases.firstDue()?.deadlineAt ?? Number.POSITIVE_INFINITY;
  const firstOverdue = leases.firstOverdue()?.timing?.overdueAt ?? Number.POSITIVE_INFINITY;
  const at = Math.min(firstDue, firstOverdue, roundDueAt(round), closingDueAt(state));
  return Number.isFinite(at) ? at : null;
}

/** When a round's deadline passes, or the time that a referee has for its check. */
function roundDueAt(round: RoundState): number {
  if (round.status === 'open') return round.deadlineAt;
  if (round.status !== 'checking') return Number.POSITIVE_INFINITY;
  return round.check.by?.until ?? round.check.waitsUntil ?? Number.POSITIVE_INFINITY;
}

/** The tables that a store keeps. */
type Stored = Pick<RunState, 'volunteers' | 'leases'>;

/**
 * What is not stored, when the run is awake again after its object has slept. Whoever holds a lease counts as heard of
 * now: its silence is the sleeper's doing.
 */
export const atWakeUp = (
  { volunteers, leases }: Stored,
  now: number,
): Pick<RunState, 'paces' | 'presence'> => ({
  paces: PaceTable.of(volunteers.values()),
  presence: Presence.of(
    Array.from(volunteers.values())
      .filter(({ isRemoved }) => !isRemoved)
      .map(({ id, presence }) => ({
        volunteer: id,
        seenAt: leases.heldBy(id).length > 0 ? now : presence.seenAt,
        isGone: false,
      })),
    now,
  ),
});
