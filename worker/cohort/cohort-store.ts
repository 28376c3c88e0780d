import type { MeasuredUpdate } from '../../shared/aggregation/aggregation-rule.ts';
import type {
  Acceptance,
  CohortLog,
  KeptMemory,
  KeptProducts,
  KeptUpdate,
  LeftOutUpdates,
  RememberedRound,
  SettledShard,
  Sender as UpdateSender,
} from '../../shared/cohort/ports.ts';
import type { CohortEntry, FoldedRole, SketchedUpdate } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { storedSpec } from '../../shared/protocol/run-spec.ts';
import { SettingTable } from '../storage/setting-table.ts';
import { StorageVersion } from '../storage/storage-version.ts';
import { cohortChanges } from './cohort-changes.ts';
import { FoldRows } from './fold-rows.ts';
import { countingNumbers, countingRows, leftOutOf, type ReturnedRows } from './left-out.ts';
import { type ReturnedIndex, readReturnedIndex } from './returned-index.ts';
import { RuleMemories } from './rule-memories.ts';
import { addRow, type Column, readEntries, readSketches, readUpdate, recountRows } from './update-rows.ts';

export interface Sender {
  readonly run: string;
  readonly role: Role;
  /** Its number among the cohorts of the role. Left out if it is 0. */
  readonly cohort?: number;
}

/** The SQLite side of a cohort: its log, its settings, and what the coordinator has not heard yet. */
export class CohortStore implements CohortLog {
  private readonly storage: DurableObjectStorage;
  private readonly settings: SettingTable;
  private readonly memories: RuleMemories;
  private readonly folds: FoldRows;
  private returned: ReturnedIndex;
  /** The number of the last row that the coordinator has heard of. */
  private told: number;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    new StorageVersion(storage, cohortChanges).upgrade(storage.sql);
    this.settings = new SettingTable(storage.sql, 'setting');
    this.memories = new RuleMemories(storage.sql);
    this.folds = new FoldRows(storage.sql, this.settings);
    this.told = this.settings.get<number>('told') ?? 0;
    this.returned = this.readReturned();
  }

  together<T>(write: () => T): T {
    try {
      return this.storage.transactionSync(write);
    } catch (error) {
      // What was rolled back must not be remembered either.
      this.settings.forget();
      this.returned = this.readReturned();
      throw error;
    }
  }

  config(): RunConfig | null {
    const config = this.settings.get<RunConfig>('config');
    return config && { ...config, spec: storedSpec(config.spec) };
  }

  setConfig(config: RunConfig): void {
    this.settings.put('config', config);
  }

  /** Whose cohort this is. It is known from the first call on, so that the alarm can tell the coordinator too. */
  sender(): Sender | null {
    return this.settings.get<Sender>('sender');
  }

  setSender(sender: Sender): void {
    this.settings.put('sender', sender);
  }

  isFinished(): boolean {
    return this.settings.get<boolean>('finished') ?? false;
  }

  finish(): void {
    this.settings.put('finished', true);
  }

  bar(volunteers: readonly string[]): void {
    const barred = this.settings.get<string[]>('barred') ?? [];
    this.settings.put('barred', [...new Set([...barred, ...volunteers])]);
  }

  isBarred(volunteer: string): boolean {
    return this.settings.get<string[]>('barred')?.includes(volunteer) ?? false;
  }

  closedRound(): number {
    return this.settings.get<number>('closedRound') ?? -1;
  }

  closeRound(round: number): void {
    this.settings.put('closedRound', round);
  }

  isUpdated(lease: string): boolean {
    return this.returned.isUpdated(lease);
  }

  hasServed(round: number, volunteer: string): boolean {
    return this.returned.hasServed(round, volunteer);
  }

  hasRoot(round: number, volunteer: string): boolean {
    return this.returned.hasRoot(round, volunteer);
  }

  accept({ countsIn, examples, weight, facts, place, sketch, entry }: Acceptance): void {
    const envelope = 'bytes' in place ? place.bytes.slice().buffer : null;
    const object = 'key' in place ? place.key : null;
    const direction = sketch?.buffer ?? null;
    this.add(entry, countsIn, [examples, weight, JSON.stringify(facts), direction, object, envelope]);
  }

  countOf(round: number, volunteer: string): number {
    return this.returned.countOf(round, volunteer);
  }

  examples(round: number): number[] {
    return countingRows(this.rows, round).map(({ examples }) => examples);
  }

  countUpdates(round: number): number {
    return countingNumbers(this.rows, round).length;
  }

  senders(round: number): UpdateSender[] {
    return countingRows(this.rows, round).map(({ lease, volunteer }) => ({ lease, volunteer }));
  }

  measured(round: number): MeasuredUpdate[] {
    return countingRows(this.rows, round).map(({ weight, facts }) => ({ weight, facts: JSON.parse(facts) }));
  }

  sketched(round: number): SketchedUpdate[] {
    return readSketches(this.storage.sql, round, countingNumbers(this.rows, round));
  }

  *updates(round: number): Iterable<KeptUpdate> {
    for (const number of countingNumbers(this.rows, round)) yield readUpdate(this.storage.sql, number);
  }

  *allUpdates(round: number): Iterable<KeptUpdate> {
    for (const number of this.returned.numbers(round)) yield readUpdate(this.storage.sql, number);
  }

  private get rows(): ReturnedRows {
    return { sql: this.storage.sql, settings: this.settings, returned: this.returned };
  }

  leftOut(): LeftOutUpdates | null {
    return leftOutOf(this.settings);
  }

  leaveOut(updates: LeftOutUpdates): void {
    this.settings.put('leftOut', updates);
    this.folds.letGo(updates.round);
  }

  archivedRound(): number {
    return this.settings.get<number>('archivedRound') ?? -1;
  }

  setArchived(round: number): void {
    this.settings.put('archivedRound', round);
  }

  countRefusal(lease: string, round: number): number {
    return this.returned.countRefusal(lease, round);
  }

  post(entry: CohortEntry): void {
    this.add(entry, entry.round, [null, null, null, null, null, null]);
  }

  /** What the coordinator has not heard yet, the oldest first. */
  untold(limit: number): { readonly last: number; readonly entries: CohortEntry[] } {
    const rows = readEntries(this.storage.sql, this.told, limit);
    return { last: rows.at(-1)?.number ?? this.told, entries: rows.map(({ entry }) => JSON.parse(entry)) };
  }

  /** The number of the last entry. */
  get last(): number {
    return this.returned.last;
  }

  /** Whether a folded round is not in the archive yet. */
  get isUnarchived(): boolean {
    return (this.foldedRounds().at(-1) ?? -1) > this.archivedRound();
  }

  /** How many entries the coordinator has not heard. */
  get waiting(): number {
    return this.returned.last - this.told;
  }

  setTold(last: number): void {
    this.settings.put('told', last);
    this.told = last;
  }

  folded(round: number): FoldedRole | null {
    return this.folds.of(round);
  }

  setFolded(round: number, result: FoldedRole): void {
    this.folds.put(round, result);
  }

  foldedRounds(): number[] {
    return this.folds.rounds();
  }

  /** [KEY7] The shards that were made here. */
  madeShards(): string[] {
    return this.folds.made();
  }

  settled(round: number): SettledShard[] {
    return this.folds.settled(round);
  }

  keepSettled(round: number, shards: readonly SettledShard[]): void {
    this.folds.keepSettled(round, shards);
  }

  compared(round: number): KeptProducts | null {
    return this.folds.compared(round);
  }

  keepCompared(round: number, products: KeptProducts): void {
    this.folds.keepCompared(round, products);
  }

  /** An older release kept only the newest memory, as a setting. */
  memory(): KeptMemory | null {
    const kept = this.memoryAfter(Number.MAX_SAFE_INTEGER);
    return kept ? kept.memory : this.settings.get<KeptMemory>('memory');
  }

  setMemory(memory: KeptMemory | null, round: number): void {
    this.memories.put(memory, round);
  }

  memoryAfter(last: number): RememberedRound | null {
    return this.memories.after(last);
  }

  takenBackRound(): number {
    return this.settings.get<number>('takenBackRound') ?? -1;
  }

  setTakenBack(round: number): void {
    this.settings.put('takenBackRound', round);
  }

  recount(round: number): void {
    recountRows(this.storage.sql, round);
    this.returned = this.readReturned();
  }

  forgottenRound(): number {
    return this.settings.get<number>('forgottenRound') ?? -1;
  }

  /** What the coordinator has not heard stays until it has. */
  forget(round: number): void {
    this.settings.put('forgottenRound', round);
    this.returned.forget(round);
    const { sql } = this.storage;
    sql.exec('DELETE FROM returned WHERE round <= ? AND number <= ?', round, this.told);
    this.folds.forget(round);
  }

  /** @param columns those that only an accepted update has */
  private add(entry: CohortEntry, round: number, columns: readonly Column[]): void {
    const { round: leased, lease, volunteer, ok: isAccepted } = entry;
    const number = this.returned.last + 1;
    const isRoot = entry.ok && entry.root === true;
    addRow(this.storage.sql, [number, round, leased, lease, volunteer, JSON.stringify(entry), ...columns]);
    this.returned.add({ number, round, leased, lease, volunteer, isAccepted, isRoot });
  }

  private readReturned(): ReturnedIndex {
    return readReturnedIndex(this.storage.sql, this.forgottenRound(), this.told);
  }
}
