import { foldRequest, pendingFolds } from '../../shared/federation/round/fold-order.ts';
import type { RunState } from '../../shared/federation/run-state.ts';
import type { FoldedRole, FoldRequest } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { cohortOf } from '../cohort/cohort-of.ts';
import type { Env } from '../env.ts';
import type { CohortObject } from '../object-calls.ts';
import type { RunIdentity } from './store/run-store.ts';

/** Longer than a fold takes, whose time of the processor the platform bounds to half a minute. */
const PATIENCE_MS = 120_000;

type OnFolded = (role: Role, round: number, result: FoldedRole) => Promise<unknown>;

/** What the coordinator asks of its cohorts: to fold a round, and to accept nothing more. */
export class CohortCalls {
  private readonly env: Env;
  private readonly onFolded: OnFolded;
  /** When cohorts were asked to fold and have not all replied. Null if nobody is asked. */
  private askedAt: number | null = null;

  constructor(env: Env, onFolded: OnFolded) {
    this.env = env;
    this.onFolded = onFolded;
  }

  /**
   * Asks every cohort that can fold this round, and then those that waited for them. If one fails, the alarm asks again.
   * A call that never comes back does not stall the run: after a while others ask again, which does no harm.
   * @param present the run's state as it is when this asks
   */
  async foldPending(run: RunIdentity, present: () => RunState, now: number): Promise<void> {
    if (this.askedAt !== null && now - this.askedAt < PATIENCE_MS) return;
    this.askedAt = now;
    try {
      const asked = new Set<Role>();
      const next = (): Role[] => pendingFolds(run.config, present()).filter(role => !asked.has(role));
      for (let roles = next(); roles.length > 0; roles = next()) {
        for (const role of roles) asked.add(role);
        await Promise.all(
          roles.map(role => this.foldRole(run, role, foldRequest(run.config, present(), role))),
        );
      }
    } finally {
      if (this.askedAt === now) this.askedAt = null;
    }
  }

  private async foldRole(run: RunIdentity, role: Role, request: FoldRequest): Promise<void> {
    const result = await this.cohort(run, role).fold(run.run, role, request);
    await this.onFolded(role, request.round, result);
  }

  private cohort({ run, location }: RunIdentity, role: Role): DurableObjectStub<CohortObject> {
    return cohortOf(this.env, run, role, 0, location);
  }

  /**
   * Late updates are refused from here on. It never rejects: if a cohort did not hear it, what this cohort still
   * accepts changes nothing.
   */
  async finish(run: RunIdentity, state: RunState): Promise<void> {
    const roles = [...rolesLeased(state), 'evaluator' as const];
    const told = await Promise.allSettled(roles.map(role => this.cohort(run, role).finish()));
    for (const result of told)
      if (result.status === 'rejected') console.error('a cohort did not hear of the end', result.reason);
  }
}

/** Roles in which training was ever leased. */
const rolesLeased = ({ cursors }: RunState): Role[] => Object.keys(cursors) as Role[];
