import type { FoldRequest, RoleRound } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { CohortPorts } from './ports.ts';
import type { RunningSums } from './running-sums.ts';

/** What a fold works on, and how much of it one call does. */
export interface FoldInput {
  readonly config: RunConfig;
  readonly role: Role;
  readonly ports: CohortPorts;
  readonly request: FoldRequest;
  /** The updates of all cohorts of the role, and what the rule remembers of the rounds before. */
  readonly ofRole: RoleRound;
  /** The running sums, if every update of the round went into them. */
  readonly sums: RunningSums | null;
  /** What the sums of a group of shards may take, in bytes. */
  readonly groupBytes: number;
  /** Memory holds so many groups. */
  readonly groupsAtOnce: number;
  /** After so many values the fold stops if something is left. It goes on when it is asked again. */
  readonly maxValues: number;
}
