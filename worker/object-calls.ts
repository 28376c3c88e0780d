import type { CheckResponse, CheckVerdict, VerdictResponse } from '../shared/protocol/check.ts';
import type {
  ClosedRound,
  CohortEntry,
  FoldedRole,
  FoldRequest,
  LeftOut,
  TakeBackRequest,
} from '../shared/protocol/cohort-report.ts';
import type { LedgerPage, RunEvent } from '../shared/protocol/events.ts';
import type { News, Signal, ViewChanges } from '../shared/protocol/frames.ts';
import type { Role } from '../shared/protocol/identifiers.ts';
import type { KeyListing, KeyRequest, MadeKey } from '../shared/protocol/keys.ts';
import type { LeaseClaims } from '../shared/protocol/lease.ts';
import type {
  ControlAction,
  CreateRunRequest,
  HostDetails,
  JoinRequest,
  JoinResponse,
  LeaseResponse,
  RunInfo,
} from '../shared/protocol/messages.ts';
import type { Manifest } from '../shared/protocol/model-outline.ts';
import type { Refusal, RefusalReason, Result } from '../shared/protocol/refusals.ts';
import type { Region } from '../shared/protocol/region.ts';
import type { RunConfig } from '../shared/protocol/run-config.ts';
import type { RunView } from '../shared/protocol/run-view.ts';
import type { StorageUsage } from '../shared/protocol/storage-usage.ts';
import type { Visibility } from '../shared/protocol/visibility.ts';
import type { DatasetMark } from './storage/dataset-directory.ts';

/**
 * What the three kinds of object are asked, by each other and by the routes. `Env` is typed by these contracts, so that
 * no class imports another. What else a class has is its own affair.
 */

/** An envelope of at most so many bytes lies in a row of SQLite, which may have 2 MB. A larger one lies in the bucket. */
export const ROW_BYTES = 1_000_000;

type ObjectCalls = Rpc.DurableObjectBranded;

/** One run's coordinator. */
export interface CoordinatorObject extends ObjectCalls, CoordinatorOfCohorts, CoordinatorOfRelays {
  /** @param location near which the run's objects are made; a Worker of the release before gives none */
  create(
    run: string,
    request: CreateRunRequest,
    location?: Region | null,
  ): Promise<Result<{ hostKey: string }>>;
  info(): Result<RunInfo>;
  version(version: number): Result<Manifest>;
  ledger(after: number): Result<LedgerPage>;
  /** @param isOwner whether the caller has shown the deployment key; a Worker of the release before does not say */
  control(hostKey: string, action: ControlAction, isOwner?: boolean): Promise<Result<true>>;
  remove(shown: ShownKey, volunteer: string): Promise<Result<true>>;
  /** What a host asks that has no call of its own. */
  asHost(shown: ShownKey, ask: HostAsk): Promise<Result<HostDetails | true>>;
  /** [KEY7] */
  deleteRun(shown: ShownKey): Promise<Result<true>>;
  /** [KEY7] Asked of an object that never has a run. @param mark the object's own id */
  removeDataset(mark: string, dataset: DatasetMark, blobs: readonly string[]): Promise<void>;
  listKeys(shown: ShownKey): Promise<Result<KeyListing[]>>;
  makeKey(shown: ShownKey, request: KeyRequest): Promise<Result<MadeKey>>;
  revokeKey(shown: ShownKey, id: string): Promise<Result<true>>;
  /** @param nonce the same one gives the same key */
  renewHostKey(shown: ShownKey, nonce: string): Promise<Result<{ hostKey: string }>>;
  /** The versions that the run can be taken back to, ascending. */
  keptVersions(): Result<number[]>;
  takeBack(shown: ShownKey, version: number): Promise<Result<true>>;
  /**
   * A volunteer who shows the host key, the deployment key or a referee's key joins as referee.
   * @param address of the caller, as the platform tells it. It is not known on a laptop
   */
  join(
    request: JoinRequest,
    key: string | null,
    address?: string,
    isOwner?: boolean,
  ): Promise<Result<JoinResponse>>;
  /**
   * @param beside a lease of this volunteer that goes on
   * @param macsPerSecond if its device has measured itself again
   */
  lease(volunteer: string, beside?: string, macsPerSecond?: number): Promise<Result<LeaseResponse>>;
  release(volunteer: string, lease: string, reason: string, diverged: boolean): Promise<Result<true>>;
  /** [CHECK4] A referee asks for something to check. */
  requestCheck(volunteer: string): Promise<Result<CheckResponse>>;
  noteVerdict(volunteer: string, check: string, verdict: CheckVerdict): Promise<Result<VerdictResponse>>;
  /** An update whose token is not ours, so that no cohort can be told of it. */
  reportForged(lease: string, reason: RefusalReason, bytes: number): Promise<void>;
}

export type HostAsk =
  | { readonly type: 'about' }
  | { readonly type: 'archive'; readonly archived: boolean }
  | { readonly type: 'visibility'; readonly visibility: Visibility }
  | { readonly type: 'archives'; readonly action: 'extend' | 'end' }
  | { readonly type: 'rename'; readonly volunteer: string; readonly name: string };

/** What a caller has shown to a route. */
export interface ShownKey {
  readonly key: string;
  /** It is the deployment key. */
  readonly isOwner: boolean;
}

/** What a cohort asks of its coordinator. */
interface CoordinatorOfCohorts {
  /** The run's settings, for a cohort that wakes for the first time. */
  config(): Result<RunConfig>;
  /** What the cohort accepted and refused since its last report. */
  report(role: Role, entries: readonly CohortEntry[]): Promise<Reported | undefined>;
}

/** What a coordinator says to a report. One of an older release says nothing. */
export interface Reported {
  /** So many more updates of this role close the round. 0 if there is no hurry. */
  readonly wanted: number;
}

/** One run's volunteers of one role, or some of them. */
export interface CohortObject extends ObjectCalls, CohortOfCoordinator {
  /** An update of at most `ROW_BYTES`. The result is durable before it is given. */
  accept(claims: LeaseClaims, envelope: Uint8Array): Promise<Result<true>>;
  /** Whether the lease still takes an update. A route asks before it stores a large one. A refusal is written down. */
  checkOpen(claims: LeaseClaims, bytes: number): Promise<Result<true>>;
  /** As `accept`, of a larger one that a route has stored under this key. If it is refused, the object is deleted. */
  acceptStored(claims: LeaseClaims, key: string, bytes: number): Promise<Result<true>>;
  /** From a route that refused before reading the body. */
  refuse(claims: LeaseClaims, refusal: Refusal, bytes: number): Promise<void>;
}

/** The one object that keeps the deployment's secrets. */
export interface SecretKeeperObject extends ObjectCalls {
  signingSecret(): string;
  claim(claimHash: string, keyHash: string): Result<true>;
  ownership(claimHash: string | null): { isOwned: boolean; hasClaim: boolean };
  ownerKeyHash(): string | null;
}

/** The one object that looks after all that is stored. */
export interface HousekeeperObject extends ObjectCalls {
  /** Something was stored. */
  expectWalk(): Promise<void>;
  /** The owner wants to know now. A walk that is under way goes on. */
  walkNow(): Promise<void>;
  stored(): CountedStorage;
}

/** What the last walk counted. */
export interface CountedStorage extends Omit<StorageUsage, 'owners'> {
  /** The largest first. An owner is `run ID`, `dataset NAME`, or empty. */
  readonly owners: readonly (Pick<StorageUsage['owners'][number], 'kind' | 'bytes' | 'objects'> & {
    readonly owner: string;
  })[];
}

/** What a coordinator asks of its cohorts. */
interface CohortOfCoordinator {
  /**
   * Closes the round, if the role has several cohorts. What is told then stays the same.
   * @param cohort its number
   * @param leftOut what the round is folded again without; a coordinator of an older release says nothing of it
   */
  close(run: string, role: Role, cohort: number, round: number, leftOut?: LeftOut): Promise<ClosedRound>;
  /**
   * Closes the round and folds it. If it is asked again, even meanwhile, the result is the same. If `inSlices`, one call does
   * as much as an invocation may, and returns `goesOn` if something is left.
   * @param cohort its number, 0 if a coordinator of an older release asks
   */
  fold(
    run: string,
    role: Role,
    request: FoldRequest,
    inSlices?: boolean,
    cohort?: number,
  ): Promise<FoldedRole | 'goesOn'>;
  /** The round is taken back. What is told is durable before the reply. To be told again changes nothing. */
  takeBack(run: string, role: Role, cohort: number, request: TakeBackRequest): Promise<true>;
  /** The run is over: no update of it is accepted any more. */
  finish(): void;
  /**
   * [KEY7] The run is deleted: all that is stored here goes. To be told again changes nothing.
   * @returns shards that were made here, of which no version may tell. A cohort of an older release returns nothing
   */
  erase(): Promise<string[] | undefined>;
  /** The host has put these volunteers out: no update of theirs is accepted any more. */
  bar(volunteers: readonly string[]): void;
}

/** What a coordinator is asked by its relays. */
interface CoordinatorOfRelays {
  /** The relay in this slot has sockets and wants to hear of the run from now on. It gets the run as it is. */
  attend(slot: number, wish: RelayWish): Result<RelayScene>;
  /** Volunteers whose sockets came to the relay in this slot, or left it. */
  presence(slot: number, here: readonly string[], gone: readonly string[]): Promise<void>;
}

/** Some of one run's event sockets, about 500 of them. Only its coordinator and the route that opens sockets call it. */
export interface RelayObject extends ObjectCalls {
  /** What happened in the run since the last batch. */
  tell(batch: RelayBatch): Promise<RelayCount>;
  /** [KEY7] The run is deleted: every socket is closed, and all that is stored here goes. */
  erase(): Promise<void>;
}

export interface RelayWish {
  /** Of this attendance. A count of an earlier one says nothing about this one. */
  readonly session: string;
  /** Whether some sockets want single ledger entries. */
  readonly entries: boolean;
}

/** How many sockets a relay has. It is told nothing more once it has none. */
export interface RelayCount {
  readonly session: string;
  readonly sockets: number;
}

/** What a coordinator has forgotten if it has slept. One of an older release does not ask. */
interface RelayQuestion {
  /** The relay is to tell once more who is here. */
  readonly asksWhoIsHere?: boolean;
}

/** A run as it is shown to somebody who comes. */
export interface RelayScene extends RelayQuestion {
  readonly view: RunView;
  readonly news: News;
  readonly signal: Signal;
}

/** What happened between two views of a run. */
export interface RelayBatch extends RelayQuestion {
  /** The last event in the view before. `changes.seq` is that of the view after. */
  readonly from: number;
  readonly changes: ViewChanges;
  readonly news: News;
  readonly signal: Signal;
  /** All ledger entries in between, if the relay wants them. */
  readonly entries?: readonly RunEvent[];
}
