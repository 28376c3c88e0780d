import { type FoldingCohort, foldCohorts } from '../../shared/cohort/fold-cohorts.ts';
import { trainedSegments } from '../../shared/cohort/trained-segments.ts';
import { mayFoldAt } from '../../shared/federation/round/fold-failures.ts';
import {
  pendingFolds,
  pendingTakeBack,
  type RoleFold,
  roleFold,
} from '../../shared/federation/round/fold-order.ts';
import { cohortsLeased } from '../../shared/federation/round/leased-cohorts.ts';
import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import type { TakeBackRequest } from '../../shared/protocol/cohort-report.ts';
import { errorText } from '../../shared/protocol/error-text.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
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

/** What became of a fold that was asked for, or of a round that is taken back. */
type CallOutcome = Extract<RunInput, { type: 'folded' | 'fold-tried' | 'returned' }>;

/** Of a version that is kept. */
type ManifestOf = (version: number) => Manifest | null;

/**
 * When the cohorts of a round that folds or is taken back may be asked. Infinity if there is nothing to ask, or not before
 * the host resumes.
 */
export const callsDueAt = (config: RunConfig, state: RunState, now: number): number => {
  const isPending = pendingTakeBack(state) !== null || pendingFolds(config, state).length > 0;
  return (isPending ? mayFoldAt(state, now) : null) ?? Number.POSITIVE_INFINITY;
};

/** What the coordinator asks of its cohorts: to fold a round, and to accept nothing more. */
export class CohortCalls {
  private readonly env: Env;
  private readonly tell: (outcome: CallOutcome) => Promise<unknown>;
  /** When cohorts were asked to fold and have not all replied, or when one got further. Null if nobody is asked. */
  private asked: { at: number } | null = null;
  /** The same of a round that is taken back. A fold that hangs keeps nobody from that. */
  private takenBack: { readonly round: number; readonly at: number } | null = null;
  /** Cohorts that have heard that this round is taken back. */
  private told = { round: 0, cohorts: new Set<string>() };

  constructor(env: Env, tell: (outcome: CallOutcome) => Promise<unknown>) {
    this.env = env;
    this.tell = tell;
  }

  /** Asks the cohorts for what is due of them. */
  async askPending(
    run: RunIdentity,
    present: () => RunState,
    now: number,
    manifestOf: ManifestOf,
  ): Promise<void> {
    if (callsDueAt(run.config, present(), now) > now) return;
    if (pendingTakeBack(present())) await this.takeBack(run, present(), now, manifestOf);
    else await this.foldPending(run, present, now);
  }

  /**
   * [BACK4] Tells every cohort that may have updates, all of them at once. Only then is the next version out. If some do
   * not reply, they are told once more.
   */
  private async takeBack(
    run: RunIdentity,
    state: RunState,
    now: number,
    manifestOf: ManifestOf,
  ): Promise<void> {
    const request = pendingTakeBack(state);
    if (!request) return;
    const { round, to } = request;
    const isAsked = this.takenBack?.round === round && Math.abs(now - this.takenBack.at) < PATIENCE_MS;
    if (isAsked) return;
    const turn = { round, at: now };
    this.takenBack = turn;
    try {
      await this.tellAll(run, state, request);
      const manifest = manifestOf(to);
      if (!manifest) throw new Error(`version ${to} is not kept`);
      await this.tell({ type: 'returned', round, manifest });
    } catch (error) {
      console.error(`round ${round} was not taken back`, error);
      const [[role] = ['whole' as const]] = trainingCohorts(state);
      this.takenBack = null;
      await this.tell({ type: 'fold-tried', role, round, failure: errorText(error) });
    } finally {
      if (this.takenBack === turn) this.takenBack = null;
    }
  }

  /** @throws if one does not reply. Those that did are not told again */
  private async tellAll(run: RunIdentity, state: RunState, request: TakeBackRequest): Promise<void> {
    const { round } = request;
    if (this.told.round !== round) this.told = { round, cohorts: new Set() };
    const { cohorts } = this.told;
    await Promise.all(
      trainingCohorts(state)
        .filter(([role, number]) => !cohorts.has(`${role} ${number}`))
        .map(async ([role, number]) => {
          await this.cohort(run, role, number).takeBack(run.run, role, number, request);
          cohorts.add(`${role} ${number}`);
        }),
    );
  }

  /**
   * Asks every cohort that can fold this round, and then those that waited for them. If one fails, the alarm asks again
   * (ROUND8). A call that never comes back does not stall the run: after a while others ask again, which does no harm.
   * @param present the run's state as it is when this asks
   */
  private async foldPending(run: RunIdentity, present: () => RunState, now: number): Promise<void> {
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
      close: (round, leftOut) => cohort.close(run.run, role, number, round, leftOut),
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

  /** [KEY7] Every cohort that may have stored anything. */
  placesOf(state: RunState): (readonly [Role, number])[] {
    const evaluators = cohortsLeased(state.leasedCohorts, 'evaluator').map(
      number => ['evaluator', number] as const,
    );
    return [...trainingCohorts(state), ...evaluators];
  }

  /** All that may have a lease's update. */
  private cohortsOf(run: RunIdentity, state: RunState): DurableObjectStub<CohortObject>[] {
    return this.placesOf(state).map(([role, number]) => this.cohort(run, role, number));
  }
}

/** Roles in which training was ever leased, and the cohorts of each that may have an update. */
const trainingCohorts = ({ cursors, leasedCohorts }: RunState): (readonly [Role, number])[] =>
  (Object.keys(cursors) as Role[]).flatMap(role =>
    cohortsLeased(leasedCohorts, role).map(number => [role, number] as const),
  );
