import type { FoldRequest, RoleRound } from '../protocol/cohort-report.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { FoldLimits } from './fold-limits.ts';
import type { CohortPorts } from './ports.ts';
import type { RunningSums } from './running-sums.ts';

/** What a fold works on, and how much of it one call does. */
export interface FoldInput extends Omit<FoldLimits, 'maxUpdates'> {
  readonly config: RunConfig;
  readonly role: Role;
  readonly ports: CohortPorts;
  readonly request: FoldRequest;
  /** The updates of all cohorts of the role, and what the rule remembers of the rounds before. */
  readonly ofRole: RoleRound;
  /** The running sums, if every update of the round went into them. */
  readonly sums: RunningSums | null;
}
