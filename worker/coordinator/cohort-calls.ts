import { foldRequest, pendingFolds } from '../../shared/federation/round/fold-order.ts';
import type { RunState } from '../../shared/federation/run-state.ts';
import type { FoldedRole, FoldRequest } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { cohortOf } from '../cohort/cohort-of.ts';
import type { Env } from '../env.ts';

type OnFolded = (role: Role, round: number, result: FoldedRole) => Promise<unknown>;

/** What the coordinator asks of its cohorts: to fold a round, and to accept nothing more. */
export class CohortCalls {
  private readonly env: Env;
  private readonly onFolded: OnFolded;
  private folding = false;

  constructor(env: Env, onFolded: OnFolded) {
    this.env = env;
    this.onFolded = onFolded;
  }

  /**
   * Asks every cohort that can fold this round, and then those that waited for them. If one fails, the alarm asks again.
   * @param present the run's state as it is when this asks
   */
  async foldPending(run: string, config: RunConfig, present: () => RunState): Promise<void> {
    if (this.folding) return;
    this.folding = true;
    try {
      const asked = new Set<Role>();
      const next = (): Role[] => pendingFolds(config, present()).filter(role => !asked.has(role));
      for (let roles = next(); roles.length > 0; roles = next()) {
        for (const role of roles) asked.add(role);
        await Promise.all(roles.map(role => this.foldRole(run, role, foldRequest(config, present(), role))));
      }
    } finally {
      this.folding = false;
    }
  }

  private async foldRole(run: string, role: Role, request: FoldRequest): Promise<void> {
    const result = await cohortOf(this.env, run, role, 0).fold(run, role, request);
    await this.onFolded(role, request.round, result);
  }

  /**
   * Late updates are refused from here on. It never rejects: if a cohort did not hear it, what this cohort still
   * accepts changes nothing.
   */
  async finish(run: string, state: RunState): Promise<void> {
    const roles = [...rolesLeased(state), 'evaluator' as const];
    const told = await Promise.allSettled(roles.map(role => cohortOf(this.env, run, role, 0).finish()));
    for (const result of told)
      if (result.status === 'rejected') console.error('a cohort did not hear of the end', result.reason);
  }
}

/** Roles in which training was ever leased. */
const rolesLeased = ({ cursors }: RunState): Role[] => Object.keys(cursors) as Role[];
