import type { CohortEntry, FoldedRole } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { ControlAction, Device } from '../protocol/messages.ts';
import type { Manifest, ShardRef } from '../protocol/model-outline.ts';
import { type DivergenceState, noDivergence } from './divergence/divergence-state.ts';
import type { EvaluationState } from './evaluation/evaluation-state.ts';
import type { LeaseState } from './lease/lease-state.ts';
import { type RoundState, unopenedRound } from './round/round-state.ts';
import type { VolunteerState } from './volunteer/volunteer-state.ts';

/** All that a run's decisions depend on. It is plain data, so it can be stored, replayed and compared. */
export interface RunState {
  readonly phase: 'draft' | 'open' | 'paused' | 'finished';
  /** The newest version. */
  readonly manifest: Manifest;
  readonly round: RoundState;
  readonly evaluation: EvaluationState | null;
  readonly evaluatedVersion: number | null;
  readonly divergence: DivergenceState;
  /** The next training part that a role is given: each role passes over all the data. */
  readonly cursors: Readonly<Partial<Record<Role, number>>>;
  /** Volunteers who ever joined. */
  readonly joined: number;
  readonly volunteers: Readonly<Record<string, VolunteerState>>;
  readonly leases: Readonly<Record<string, LeaseState>>;
}

export type RunInput =
  | { readonly type: 'control'; readonly action: ControlAction }
  | {
      readonly type: 'join';
      readonly volunteer: string;
      readonly name: string;
      readonly device: Device;
      readonly referee: boolean;
    }
  | {
      readonly type: 'request-lease';
      readonly volunteer: string;
      readonly lease: string;
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
  joined: 0,
  volunteers: {},
  leases: {},
});

/** The next moment at which something is due without anybody asking; null if nothing is. */
export function nextAlarm({ phase, round, leases }: RunState): number | null {
  if (phase === 'finished') return null;
  const due = Object.values(leases).map(lease => lease.deadlineAt);
  if (round.status === 'open') due.push(round.deadlineAt);
  return due.length === 0 ? null : Math.min(...due);
}
