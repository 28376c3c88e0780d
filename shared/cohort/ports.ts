import type { MeasuredUpdate } from '../aggregation/aggregation-rule.ts';
import type { CohortEntry, FoldedRole, SketchedUpdate } from '../protocol/cohort-report.ts';
import type { ShardRef } from '../protocol/model-outline.ts';

/** Blobs by their SHA-256: the bucket in the Worker, memory elsewhere. */
export interface Blobs {
  /** @throws if it is missing: whoever asks holds a reference that was checked when it was made */
  get(sha256: string): Promise<Uint8Array>;
  /** Stores bytes under their hash. Storing the same again changes nothing. */
  put(bytes: Uint8Array): Promise<ShardRef>;
}

/** Where an envelope lies: in the log, or, if it is too large for that, outside it under a key. */
export type EnvelopePlace = { readonly bytes: Uint8Array } | { readonly key: string };

/** An accepted update that is not folded yet. */
export interface KeptUpdate extends MeasuredUpdate {
  readonly lease: string;
  readonly place: EnvelopePlace;
}

/** What is done with the envelopes of accepted updates. */
export interface Envelopes {
  /**
   * So many bytes of an envelope, or fewer if it ends before.
   * @throws if it is missing
   */
  read(update: KeptUpdate, offset: number, bytes: number): Promise<Uint8Array>;
  /** Keeps a folded round's envelopes for replay, in the order of acceptance. Safe to repeat. */
  archive(round: number, updates: Iterable<KeptUpdate>): Promise<void>;
}

/** Which sum it is, among those of one cohort. */
export interface SumPlace {
  readonly round: number;
  readonly segment: string;
  readonly shard: number;
}

/** Where sums lie that one cohort hands to another. */
export interface SumStore {
  /** Keeps a sum. The same place has the same key, so that a fold can be repeated. */
  keep(place: SumPlace, bytes: Uint8Array): Promise<string>;
  /** @throws if it is missing */
  read(key: string): Promise<Uint8Array>;
  drop(keys: readonly string[]): Promise<void>;
}

/** What a fold has made of one shard. */
export interface SettledShard {
  readonly segment: string;
  readonly shard: number;
  /** Left out if the shard stays as it is, or if its sum was handed on. */
  readonly ref?: ShardRef;
  /** What the outer optimizer keeps of it. */
  readonly slots?: Readonly<Record<string, ShardRef>>;
  /** The key of its sum, if that was handed on. */
  readonly handed?: string;
  /** [PUB8] Of the request by which it was moved. The other shards of its segment are moved by the same. */
  readonly allExamples?: number;
}

/** What a rule remembers, and which segments the remembered rounds trained. */
export interface KeptMemory {
  readonly trains: string;
  readonly memory: unknown;
  /** The same of rounds that trained other segments. Left out if there were none. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** What a rule remembered after a round. Null if it was to begin anew. */
export interface RememberedRound {
  readonly round: number;
  readonly memory: KeptMemory | null;
}

/** How far the updates of a round are compared. */
export interface KeptProducts {
  /** How many shards are done, the first ones. */
  readonly units: number;
  /** The inner products of the updates over these shards: the upper triangle, row by row. */
  readonly products: readonly number[];
}

/** [BACK4] A run that is taken back finds what its rule remembered up to so many rounds ago. */
export const REMEMBERED_ROUNDS = 100;

/** [CHECK9] The updates of a round that its folds leave out from this turn on. */
export interface LeftOutUpdates {
  readonly round: number;
  readonly turn: number;
  readonly leases: readonly string[];
}

/** Whose an accepted update is. */
export interface Sender {
  readonly lease: string;
  readonly volunteer: string;
}

/** An accepted update as it is written down. */
export interface Acceptance {
  readonly lease: string;
  readonly volunteer: string;
  /** The lease's round. */
  readonly round: number;
  /** The round that it counts in, the same or a later one. */
  readonly countsIn: number;
  /** The lease's. */
  readonly examples: number;
  /** What it weighs, in examples: fewer if it is late. */
  readonly weight: number;
  readonly facts: unknown;
  readonly place: EnvelopePlace;
  /** [STAND2] Its direction, by the seed of the round that it counts in. Null if none is measured. */
  readonly sketch: Uint8Array<ArrayBuffer> | null;
  /** What the coordinator is told of it. */
  readonly entry: Extract<CohortEntry, { ok: true }>;
}

/**
 * All that a cohort remembers: SQLite in the Worker, memory elsewhere. It decides nothing. Rounds count up, so all
 * that is kept of a round can be forgotten by its number. The updates of a round are those that count in it. What is left
 * out of it is not among them, except where `allUpdates` are asked for.
 */
export interface CohortLog {
  /** All that `write` writes is kept, or nothing of it. */
  together<T>(write: () => T): T;

  isFinished(): boolean;
  finish(): void;
  /** [KEY2] Takes no update of these volunteers from now on. */
  bar(volunteers: readonly string[]): void;
  isBarred(volunteer: string): boolean;
  /** The last round that was closed; -1 before. */
  closedRound(): number;
  closeRound(round: number): void;

  /** Whether an update to this lease was accepted. */
  isUpdated(lease: string): boolean;
  /** Whether an update of this volunteer to a lease of this round was accepted, in whatever round it counts. No root update. */
  hasServed(round: number, volunteer: string): boolean;
  /** [ROOT5] Whether a root update of this volunteer was accepted in this round. */
  hasRoot(round: number, volunteer: string): boolean;
  /** Keeps an update, and its entry until the coordinator has heard it. */
  accept(acceptance: Acceptance): void;
  countUpdates(round: number): number;
  /** How many of them are this volunteer's. Its root update is none. */
  countOf(round: number, volunteer: string): number;
  /** The examples of their leases, in the order of acceptance. */
  examples(round: number): readonly number[];
  /** In the order of acceptance. */
  measured(round: number): readonly MeasuredUpdate[];
  /** In the order of acceptance. */
  sketched(round: number): readonly SketchedUpdate[];
  /** In the order of acceptance. */
  senders(round: number): readonly Sender[];
  /** In the order of acceptance, one at a time: a round may be larger than memory. */
  updates(round: number): Iterable<KeptUpdate>;
  /** With those that are left out, for the archive. */
  allUpdates(round: number): Iterable<KeptUpdate>;
  /** The last round whose envelopes are in the archive; -1 before. */
  archivedRound(): number;
  /**
   * The envelopes of this round are in the archive. They are kept until those of a newer one are, for the round may be
   * folded again, or taken back and archived once more: then an earlier round is set.
   */
  setArchived(round: number): void;

  /** [CHECK9] Of the last round of which something is left out. Null if nothing ever was. */
  leftOut(): LeftOutUpdates | null;
  /** Replaces that. All that was made of the round is let go: its fold, what is settled of it, and what was compared. */
  leaveOut(updates: LeftOutUpdates): void;

  /** One refusal more of this lease. Returns how many there are, those at least that were posted. */
  countRefusal(lease: string, round: number): number;

  /**
   * Keeps the entry of a refusal until the coordinator has heard it. All entries are told in the order in which they came.
   */
  post(entry: CohortEntry): void;

  folded(round: number): FoldedRole | null;
  setFolded(round: number, result: FoldedRole): void;
  /** The rounds that are folded and not forgotten, the oldest first. */
  foldedRounds(): readonly number[];
  memory(): KeptMemory | null;
  /**
   * @param memory null if the rule begins anew
   * @param round after which the rule remembers this; no earlier one than before
   */
  setMemory(memory: KeptMemory | null, round: number): void;
  /**
   * What the rule remembered after this round, or after the last one before it that it remembers, and which round that
   * was. Of the last `REMEMBERED_ROUNDS` rounds it must be there. Null if there is none.
   */
  memoryAfter(round: number): RememberedRound | null;

  /** [BACK3] The last round that was taken back; -1 before. */
  takenBackRound(): number;
  setTakenBack(round: number): void;
  /** Updates that count in later rounds count in this one from now on. They are all of leases that are no newer. */
  recount(round: number): void;

  /** What was made of the shards of a round whose fold has not ended. */
  settled(round: number): readonly SettledShard[];
  /** Adds to that. It is let go when the round is folded. */
  keepSettled(round: number, shards: readonly SettledShard[]): void;

  /** How far the updates of a round are compared whose fold has not ended. Null if they are not. */
  compared(round: number): KeptProducts | null;
  /** In place of what was kept before. It is let go when the round is folded. */
  keepCompared(round: number, products: KeptProducts): void;

  /** The last round that was forgotten; -1 before. */
  forgottenRound(): number;
  /** Forgets acceptances, refusals and folds of this round and of older ones. */
  forget(round: number): void;
}

/** All that a cohort needs of the world. */
export interface CohortPorts {
  readonly log: CohortLog;
  readonly blobs: Blobs;
  readonly envelopes: Envelopes;
  readonly sums: SumStore;
  /**
   * [STAND2] The seed of a round's sketches. Nobody outside the platform can know it before the round is over. Null of a
   * round whose updates nobody sketches, and left out if nobody ever does.
   */
  readonly seedOf?: (round: number) => string | null;
}
