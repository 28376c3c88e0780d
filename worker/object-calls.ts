import type { CohortEntry, FoldedRole, FoldRequest } from '../shared/protocol/cohort-report.ts';
import type { LedgerPage } from '../shared/protocol/events.ts';
import type { Role } from '../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../shared/protocol/lease.ts';
import type {
  ControlAction,
  CreateRunRequest,
  JoinRequest,
  LeaseResponse,
  RunInfo,
} from '../shared/protocol/messages.ts';
import type { Manifest } from '../shared/protocol/model-outline.ts';
import type { Refusal, RefusalReason, Result } from '../shared/protocol/refusals.ts';
import type { Region } from '../shared/protocol/region.ts';
import type { RunConfig } from '../shared/protocol/run-config.ts';

/**
 * What the two kinds of object are asked, by each other and by the routes. `Env` is typed by these contracts, so that
 * neither class imports the other. What else a class has is its own affair.
 */

type ObjectCalls = Rpc.DurableObjectBranded;

/** One run's coordinator. */
export interface CoordinatorObject extends ObjectCalls, CoordinatorOfCohorts {
  /** @param location near which the run's objects are made; a Worker of the release before gives none */
  create(
    run: string,
    request: CreateRunRequest,
    location?: Region | null,
  ): Promise<Result<{ hostKey: string }>>;
  info(): Result<RunInfo>;
  version(version: number): Result<Manifest>;
  ledger(after: number): Result<LedgerPage>;
  control(hostKey: string, action: ControlAction): Promise<Result<true>>;
  /** A volunteer who shows the host key joins as referee. */
  join(request: JoinRequest, hostKey: string | null): Promise<Result<{ volunteer: string; token: string }>>;
  /** @param beside a lease of this volunteer that goes on */
  lease(volunteer: string, beside?: string): Promise<Result<LeaseResponse>>;
  release(volunteer: string, lease: string, reason: string, diverged: boolean): Promise<Result<true>>;
  /** An update whose token is not ours, so that no cohort can be told of it. */
  reportForged(lease: string, reason: RefusalReason, bytes: number): Promise<void>;
}

/** What a cohort asks of its coordinator. */
interface CoordinatorOfCohorts {
  /** The run's settings, for a cohort that wakes for the first time. */
  config(): Result<RunConfig>;
  /** What the cohort accepted and refused since its last report. */
  report(role: Role, entries: readonly CohortEntry[]): Promise<void>;
}

/** One run's volunteers of one role. */
export interface CohortObject extends ObjectCalls, CohortOfCoordinator {
  /** An update. The result is durable before it is given. */
  accept(claims: LeaseClaims, envelope: Uint8Array): Promise<Result<true>>;
  /** From a route that refused before reading the body. */
  refuse(claims: LeaseClaims, refusal: Refusal, bytes: number): Promise<void>;
}

/** What a coordinator asks of its cohorts. */
interface CohortOfCoordinator {
  /** Closes the round and folds it. If it is asked again, even meanwhile, the result is the same. */
  fold(run: string, role: Role, request: FoldRequest): Promise<FoldedRole>;
  /** The run is over: no update of it is accepted any more. */
  finish(): void;
}
