import { type FoldingCohort, foldCohorts } from '../../shared/cohort/fold-cohorts.ts';
import { trainedSegments } from '../../shared/cohort/trained-segments.ts';
import { mayFoldAt } from '../../shared/federation/round/fold-failures.ts';
import { pendingFolds, type RoleFold, roleFold } from '../../shared/federation/round/fold-order.ts';
import { cohortsLeased } from '../../shared/federation/round/leased-cohorts.ts';
import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import { errorText } from '../../shared/protocol/error-text.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { cohortOf } from '../cohort/cohort-of.ts';
import type { Env } from '../env.ts';
import { inTime } from '../in-time.ts';
import type { CohortObject } from '../object-calls.ts';
import type { RunIdentity } from './store/run-store.ts';

/** Longer than a fold takes, whose time of the processor the platform bounds to half a minute. */
const PATIENCE_MS = 120_000;

/** Whoever finished the run waits until its cohorts have heard of it, but not for ever. */
const LONGEST_FINISH_MS = 10_000;

/** What became of a fold that was asked for. */
type FoldOutcome = Extract<RunInput, { type: 'folded' | 'fold-tried' }>;

/** When the cohorts of a folding round may be asked. Infinity if there is nothing to fold, or not before the host resumes. */
export const foldsDueAt = (config: RunConfig, state: RunState, now: number): number =>
  (pendingFolds(config, state).length > 0 ? mayFoldAt(state, now) : null) ?? Number.POSITIVE_INFINITY;

/** What the coordinator asks of its cohorts: to fold a round, and to accept nothing more. */
export class CohortCalls {
  private readonly env: Env;
  private readonly tell: (outcome: FoldOutcome) => Promise<unknown>;
  /** When cohorts were asked to fold and have not all replied, or when one got further. Null if nobody is asked. */
  private asked: { at: number } | null = null;

  constructor(env: Env, tell: (outcome: FoldOutcome) => Promise<unknown>) {
    this.env = env;
    this.tell = tell;
  }

  /**
   * Asks every cohort that can fold this round, and then those that waited for them. If one fails, the alarm asks again
   * (ROUND8). A call that never comes back does not stall the run: after a while others ask again, which does no harm.
   * @param present the run's state as it is when this asks
   */
  async foldPending(run: RunIdentity, present: () => RunState, now: number): Promise<void> {
    if (foldsDueAt(run.config, present(), now) > now) return;
    if (this.asked !== null && Math.abs(now - this.asked.at) < PATIENCE_MS) return;
    const turn = { at: now };
    this.asked = turn;
    const noteProgress = async (role: Role): Promise<void> => {
      turn.at = Date.now();
      // A fold that gets further changes the state only if it had failed before.
      const { foldFailures, round } = present();
      if (foldFailures) await this.tell({ type: 'fold-tried', role, round: round.number, failure: null });
    };
    try {
      const asked = new Set<Role>();
      const next = (): Role[] => pendingFolds(run.config, present()).filter(role => !asked.has(role));
      for (let roles = next(); roles.length > 0; roles = next()) {
        for (const role of roles) asked.add(role);
        await Promise.all(
          roles.map(role => this.foldRole(run, role, roleFold(run.config, present(), role), noteProgress)),
        );
      }
    } finally {
      if (this.asked === turn) this.asked = null;
    }
  }

  /** [ROUND9] The cohorts of a role make one fold together. */
  private async foldRole(
    run: RunIdentity,
    role: Role,
    { request, cohorts: [lead, ...others] }: RoleFold,
    noteProgress: (role: Role) => Promise<void>,
  ): Promise<void> {
    const { round } = request;
    const reached = (cohort: number) => this.reached(run, role, cohort, () => noteProgress(role));
    try {
      const trains = trainedSegments(run.config, round, role);
      const result = await foldCohorts([reached(lead), ...others.map(reached)], request, trains);
      await this.tell({ type: 'folded', role, round, result });
    } catch (error) {
      console.error(`the ${role} of round ${round} did not fold`, error);
      const failure = errorText(error);
      await this.tell({ type: 'fold-tried', role, round, failure });
    }
  }

  /** Each call folds as much as an invocation may. A cohort of an older release folds all in one. */
  private reached(
    run: RunIdentity,
    role: Role,
    number: number,
    noteProgress: () => Promise<void>,
  ): FoldingCohort {
    const cohort = this.cohort(run, role, number);
    return {
      close: round => cohort.close(run.run, role, number, round),
      fold: async request => {
        for (;;) {
          const result = await cohort.fold(run.run, role, request, true, number);
          if (result !== 'goesOn') return result;
          await noteProgress();
        }
      },
    };
  }

  private cohort(
    { run, location }: RunIdentity,
    role: Role,
    number: number,
  ): DurableObjectStub<CohortObject> {
    return cohortOf(this.env, run, role, number, location);
  }

  /**
   * Late updates are refused from here on. It never rejects: if a cohort did not hear it, what this cohort still
   * accepts changes nothing.
   */
  async finish(run: RunIdentity, state: RunState): Promise<void> {
    const told = await Promise.allSettled(
      this.cohortsOf(run, state).map(cohort => inTime(cohort.finish(), LONGEST_FINISH_MS)),
    );
    for (const result of told)
      if (result.status === 'rejected') console.error('a cohort did not hear of the end', result.reason);
  }

  /**
   * [KEY2] Updates of these volunteers are refused from here on.
   * @throws if a cohort did not hear it. Then it is to be asked again
   */
  async bar(run: RunIdentity, state: RunState, volunteers: readonly string[]): Promise<void> {
    await Promise.all(
      this.cohortsOf(run, state).map(cohort => inTime(cohort.bar(volunteers), LONGEST_FINISH_MS)),
    );
  }

  /** All that may have a lease's update. */
  private cohortsOf(run: RunIdentity, state: RunState): DurableObjectStub<CohortObject>[] {
    const roles = [...rolesLeased(state), 'evaluator' as const];
    return roles.flatMap(role =>
      cohortsLeased(state.leasedCohorts, role).map(number => this.cohort(run, role, number)),
    );
  }
}

/** Roles in which training was ever leased. */
const rolesLeased = ({ cursors }: RunState): Role[] => Object.keys(cursors) as Role[];
