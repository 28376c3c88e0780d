import { pendingFolds } from '../../shared/federation/round/round.ts';
import type { RunState } from '../../shared/federation/run-state.ts';
import type { FoldedRole } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
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

  /** Asks every cohort that has still to fold this round. If one fails, the alarm asks again. */
  async foldPending(run: string, state: RunState): Promise<void> {
    const roles = pendingFolds(state);
    if (this.folding || roles.length === 0) return;
    this.folding = true;
    try {
      await Promise.all(roles.map(role => this.foldRole(run, role, state)));
    } finally {
      this.folding = false;
    }
  }

  private async foldRole(
    run: string,
    role: Role,
    { round: { number: round }, manifest }: RunState,
  ): Promise<void> {
    const result = await cohortOf(this.env, run, role, 0).fold(run, role, { round, manifest });
    await this.onFolded(role, round, result);
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
