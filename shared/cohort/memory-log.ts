import type { MeasuredUpdate } from '../aggregation/aggregation-rule.ts';
import { isRootUpdate } from '../aggregation/root-update.ts';
import type { CohortEntry, FoldedRole, SketchedUpdate } from '../protocol/cohort-report.ts';
import {
  type Acceptance,
  type CohortLog,
  type KeptMemory,
  type KeptProducts,
  type KeptUpdate,
  type LeftOutUpdates,
  REMEMBERED_ROUNDS,
  type RememberedRound,
  type Sender,
  type SettledShard,
} from './ports.ts';

/** Without what the coordinator is told. */
type Untold = Omit<Acceptance, 'entry'> & { readonly norm: number };

/** The place of an envelope that was let go. */
const GONE = { key: '' } as const;

/** As SQLite gives back what it was given: whatever JSON loses is lost here too. */
const asStored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** How often each key was added and not taken away again. */
class Counts {
  private readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  add(key: string, by: 1 | -1): void {
    const count = this.of(key) + by;
    if (count > 0) this.counts.set(key, count);
    else this.counts.delete(key);
  }
}

const keyOf = (round: number, volunteer: string): string => `${round} ${volunteer}`;

/** A cohort's log in memory, for the simulator and the learning bench. No question walks over the updates of all rounds. */
export class MemoryLog implements CohortLog {
  /** Entries for the coordinator, the oldest first. Whoever delivers them takes them out. */
  outbox: CohortEntry[] = [];
  private finished = false;
  private readonly barred = new Set<string>();
  private closed = -1;
  private forgotten = -1;
  /** By the round that they count in, in the order of acceptance. */
  private readonly acceptances = new Map<number, Untold[]>();
  /** By lease, its round. */
  private readonly leases = new Map<string, number>();
  /** Of each volunteer and round: updates to its leases of that round, and updates that count in it. */
  private readonly served = new Counts();
  private readonly counted = new Counts();
  private readonly roots = new Counts();
  private readonly refusals = new Map<string, { readonly round: number; readonly count: number }>();
  private readonly folds = new Map<number, FoldedRole>();
  private readonly shards = new Map<number, readonly SettledShard[]>();
  private readonly products = new Map<number, KeptProducts>();
  private archived = -1;
  /** What the rule remembered, by the round after which it did. The last one counts. */
  private readonly memories = new Map<number, KeptMemory | null>();
  private takenBack = -1;
  private left: LeftOutUpdates | null = null;

  together<T>(write: () => T): T {
    return write();
  }

  isFinished(): boolean {
    return this.finished;
  }

  finish(): void {
    this.finished = true;
  }

  bar(volunteers: readonly string[]): void {
    for (const volunteer of volunteers) this.barred.add(volunteer);
  }

  isBarred(volunteer: string): boolean {
    return this.barred.has(volunteer);
  }

  closedRound(): number {
    return this.closed;
  }

  closeRound(round: number): void {
    this.closed = round;
  }

  isUpdated(lease: string): boolean {
    return this.leases.has(lease);
  }

  hasServed(round: number, volunteer: string): boolean {
    return this.served.of(keyOf(round, volunteer)) > 0;
  }

  hasRoot(round: number, volunteer: string): boolean {
    return this.roots.of(keyOf(round, volunteer)) > 0;
  }

  /** @throws if no update to this lease is remembered */
  roundOf(lease: string): number {
    const round = this.leases.get(lease);
    if (round === undefined) throw new Error(`there is no update of lease ${lease}`);
    return round;
  }

  accept({ entry, ...acceptance }: Acceptance): void {
    this.keep({ ...acceptance, norm: entry.norm });
    this.post(entry);
  }

  /** An update that nobody is told of. */
  keep(acceptance: Untold): void {
    const { lease, round, countsIn } = acceptance;
    const kept = this.acceptances.get(countsIn) ?? [];
    kept.push({ ...acceptance, facts: asStored(acceptance.facts) });
    this.acceptances.set(countsIn, kept);
    this.leases.set(lease, round);
    this.count(acceptance, 1);
  }

  countUpdates(round: number): number {
    return this.present(round).length;
  }

  countOf(round: number, volunteer: string): number {
    return this.counted.of(keyOf(round, volunteer));
  }

  examples(round: number): number[] {
    return this.present(round).map(({ examples }) => examples);
  }

  measured(round: number): MeasuredUpdate[] {
    return this.present(round).map(({ weight, facts }) => ({ weight, facts }));
  }

  senders(round: number): Sender[] {
    return this.present(round).map(({ lease, volunteer }) => ({ lease, volunteer }));
  }

  sketched(round: number): SketchedUpdate[] {
    return this.present(round).map(({ volunteer, norm, sketch }) => ({ volunteer, norm, sketch }));
  }

  updates(round: number): readonly KeptUpdate[] {
    return this.present(round);
  }

  allUpdates(round: number): readonly KeptUpdate[] {
    return this.of(round);
  }

  archivedRound(): number {
    return this.archived;
  }

  setArchived(round: number): void {
    this.archived = round;
    for (const [number, kept] of this.acceptances)
      if (number < round)
        this.acceptances.set(
          number,
          kept.map(one => ({ ...one, place: GONE })),
        );
  }

  leftOut(): LeftOutUpdates | null {
    return this.left;
  }

  leaveOut(updates: LeftOutUpdates): void {
    this.left = asStored(updates);
    this.folds.delete(updates.round);
    this.shards.delete(updates.round);
    this.products.delete(updates.round);
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
    this.products.delete(round);
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

  compared(round: number): KeptProducts | null {
    return this.products.get(round) ?? null;
  }

  keepCompared(round: number, products: KeptProducts): void {
    this.products.set(round, asStored(products));
  }

  memory(): KeptMemory | null {
    return this.memoryAfter(Number.POSITIVE_INFINITY)?.memory ?? null;
  }

  setMemory(memory: KeptMemory | null, round: number): void {
    this.memories.set(round, asStored(memory));
    this.memories.delete(round - REMEMBERED_ROUNDS);
  }

  memoryAfter(last: number): RememberedRound | null {
    const found = [...this.memories].filter(([round]) => round <= last).toSorted(([a], [b]) => b - a)[0];
    return found ? { round: found[0], memory: found[1] } : null;
  }

  takenBackRound(): number {
    return this.takenBack;
  }

  setTakenBack(round: number): void {
    this.takenBack = round;
  }

  recount(round: number): void {
    for (const [countsIn, kept] of [...this.acceptances].filter(([number]) => number > round)) {
      this.acceptances.delete(countsIn);
      for (const one of kept.filter(update => !isRootUpdate(update))) {
        this.counted.add(keyOf(countsIn, one.volunteer), -1);
        this.counted.add(keyOf(round, one.volunteer), 1);
      }
      this.acceptances.set(round, [...this.of(round), ...kept.map(one => ({ ...one, countsIn: round }))]);
    }
  }

  forgottenRound(): number {
    return this.forgotten;
  }

  forget(round: number): void {
    this.forgotten = round;
    for (const number of this.acceptances.keys()) if (number <= round) this.forgetUpdates(number);
    for (const [lease, refusal] of this.refusals) if (refusal.round <= round) this.refusals.delete(lease);
    for (const number of this.folds.keys()) if (number <= round) this.folds.delete(number);
  }

  private forgetUpdates(countsIn: number): void {
    for (const one of this.of(countsIn)) {
      this.leases.delete(one.lease);
      this.count(one, -1);
    }
    this.acceptances.delete(countsIn);
  }

  private count({ round, countsIn, volunteer, facts }: Untold, by: 1 | -1): void {
    if (isRootUpdate({ facts })) {
      this.roots.add(keyOf(round, volunteer), by);
      return;
    }
    this.served.add(keyOf(round, volunteer), by);
    this.counted.add(keyOf(countsIn, volunteer), by);
  }

  /** Those that are not left out. */
  private present(round: number): readonly Untold[] {
    const { left } = this;
    const all = this.of(round);
    return left?.round === round ? all.filter(({ lease }) => !left.leases.includes(lease)) : all;
  }

  private of(round: number): readonly Untold[] {
    return this.acceptances.get(round) ?? [];
  }
}
