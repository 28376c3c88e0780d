import type { MeasuredUpdate } from '../aggregation/aggregation-rule.ts';
import type { CohortEntry, FoldedRole } from '../protocol/cohort-report.ts';
import type { Acceptance, CohortLog, KeptMemory, KeptUpdate, SettledShard } from './ports.ts';

type Untold = Omit<Acceptance, 'entry'>;

/** The place of an envelope that was let go. */
const GONE = { key: '' } as const;

/** As SQLite gives back what it was given: whatever JSON loses is lost here too. */
const asStored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** A cohort's log in memory, for the simulator and the learning bench. */
export class MemoryLog implements CohortLog {
  /** Entries for the coordinator, the oldest first. Whoever delivers them takes them out. */
  outbox: CohortEntry[] = [];
  private finished = false;
  private closed = -1;
  private forgotten = -1;
  private acceptances: Untold[] = [];
  private readonly refusals = new Map<string, { readonly round: number; readonly count: number }>();
  private readonly folds = new Map<number, FoldedRole>();
  private readonly shards = new Map<number, readonly SettledShard[]>();
  private archived = -1;
  private ruleMemory: KeptMemory | null = null;

  together<T>(write: () => T): T {
    return write();
  }

  isFinished(): boolean {
    return this.finished;
  }

  finish(): void {
    this.finished = true;
  }

  closedRound(): number {
    return this.closed;
  }

  closeRound(round: number): void {
    this.closed = round;
  }

  isUpdated(lease: string): boolean {
    return this.acceptances.some(one => one.lease === lease);
  }

  hasServed(round: number, volunteer: string): boolean {
    return this.acceptances.some(one => one.round === round && one.volunteer === volunteer);
  }

  /** @throws if no update to this lease is remembered */
  roundOf(lease: string): number {
    const acceptance = this.acceptances.find(one => one.lease === lease);
    if (!acceptance) throw new Error(`there is no update of lease ${lease}`);
    return acceptance.round;
  }

  accept({ entry, ...acceptance }: Acceptance): void {
    this.keep(acceptance);
    this.post(entry);
  }

  /** An update that nobody is told of. */
  keep(acceptance: Untold): void {
    this.acceptances.push({ ...acceptance, facts: asStored(acceptance.facts) });
  }

  countUpdates(round: number): number {
    return this.of(round).length;
  }

  countOf(round: number, volunteer: string): number {
    return this.of(round).filter(one => one.volunteer === volunteer).length;
  }

  examples(round: number): number[] {
    return this.of(round).map(({ examples }) => examples);
  }

  measured(round: number): MeasuredUpdate[] {
    return this.of(round).map(({ weight, facts }) => ({ weight, facts }));
  }

  updates(round: number): KeptUpdate[] {
    return this.of(round);
  }

  archivedRound(): number {
    return this.archived;
  }

  setArchived(round: number): void {
    this.archived = round;
    this.acceptances = this.acceptances.map(one => (one.countsIn <= round ? { ...one, place: GONE } : one));
  }

  countRefusal(lease: string, round: number): number {
    const count = (this.refusals.get(lease)?.count ?? 0) + 1;
    this.refusals.set(lease, { round, count });
    return count;
  }

  post(entry: CohortEntry): void {
    this.outbox.push(entry);
  }

  folded(round: number): FoldedRole | null {
    return this.folds.get(round) ?? null;
  }

  setFolded(round: number, result: FoldedRole): void {
    this.folds.set(round, result);
    this.shards.delete(round);
  }

  foldedRounds(): number[] {
    return [...this.folds.keys()].toSorted((a, b) => a - b);
  }

  settled(round: number): readonly SettledShard[] {
    return this.shards.get(round) ?? [];
  }

  keepSettled(round: number, shards: readonly SettledShard[]): void {
    this.shards.set(round, [...this.settled(round), ...shards]);
  }

  memory(): KeptMemory | null {
    return this.ruleMemory;
  }

  setMemory(memory: KeptMemory): void {
    this.ruleMemory = asStored(memory);
  }

  forgottenRound(): number {
    return this.forgotten;
  }

  forget(round: number): void {
    this.forgotten = round;
    this.acceptances = this.acceptances.filter(one => one.countsIn > round);
    for (const [lease, refusal] of this.refusals) if (refusal.round <= round) this.refusals.delete(lease);
    for (const number of this.folds.keys()) if (number <= round) this.folds.delete(number);
  }

  private of(round: number): Untold[] {
    return this.acceptances.filter(one => one.countsIn === round);
  }
}
