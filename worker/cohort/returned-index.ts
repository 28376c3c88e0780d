/** A row of `returned` as the index knows it. */
export interface ReturnedKey {
  readonly number: number;
  /** The round that it counts in, or the lease's if it was refused. */
  readonly round: number;
  /** The lease's round. */
  readonly leased: number;
  readonly lease: string;
  readonly volunteer: string;
  readonly isAccepted: boolean;
  /** [ROOT5] Whether it is a root update. */
  readonly isRoot: boolean;
}

/** The accepted updates that count in a round. */
interface RoundIndex {
  /** Of their rows, ascending. */
  readonly numbers: number[];
  /** By volunteer, the rounds of the leases. */
  readonly volunteers: Map<string, number[]>;
  /** The same of root updates. */
  readonly roots: Map<string, number[]>;
}

/** What is asked of `returned` at every update, in memory. It is made from the table when the object wakes. */
export class ReturnedIndex {
  /** Of the last row. */
  last: number;
  private readonly leases = new Map<string, number>();
  private readonly rounds = new Map<number, RoundIndex>();
  private readonly refusals = new Map<string, { readonly round: number; count: number }>();

  /** @param last the largest number that a row ever had: rows may be forgotten by now */
  constructor(rows: Iterable<ReturnedKey>, last: number) {
    this.last = last;
    for (const row of rows)
      if (row.isAccepted) this.add(row);
      else this.countRefusal(row.lease, row.round);
  }

  add({ number, round, leased, lease, volunteer, isAccepted, isRoot }: ReturnedKey): void {
    this.last = Math.max(this.last, number);
    if (!isAccepted) return;
    this.leases.set(lease, round);
    const index: RoundIndex = this.rounds.get(round) ?? {
      numbers: [],
      volunteers: new Map(),
      roots: new Map(),
    };
    index.numbers.push(number);
    const own = isRoot ? index.roots : index.volunteers;
    own.set(volunteer, [...(own.get(volunteer) ?? []), leased]);
    this.rounds.set(round, index);
  }

  isUpdated(lease: string): boolean {
    return this.leases.has(lease);
  }

  hasServed(round: number, volunteer: string): boolean {
    return [...this.rounds].some(
      ([countsIn, { volunteers }]) => countsIn >= round && volunteers.get(volunteer)?.includes(round),
    );
  }

  hasRoot(round: number, volunteer: string): boolean {
    return [...this.rounds.values()].some(({ roots }) => roots.get(volunteer)?.includes(round));
  }

  /** How many of the updates that count in a round are this volunteer's. */
  countOf(round: number, volunteer: string): number {
    return this.rounds.get(round)?.volunteers.get(volunteer)?.length ?? 0;
  }

  /** The rows of a round's accepted updates, in the order of acceptance. */
  numbers(round: number): readonly number[] {
    return this.rounds.get(round)?.numbers ?? [];
  }

  countRefusal(lease: string, round: number): number {
    const known = this.refusals.get(lease) ?? { round, count: 0 };
    known.count += 1;
    this.refusals.set(lease, known);
    return known.count;
  }

  forget(round: number): void {
    for (const [lease, of] of this.leases) if (of <= round) this.leases.delete(lease);
    for (const of of this.rounds.keys()) if (of <= round) this.rounds.delete(of);
    for (const [lease, refusal] of this.refusals) if (refusal.round <= round) this.refusals.delete(lease);
  }
}

/**
 * @param forgotten rows of this round and of older ones are left out
 * @param told the number of the last row that the coordinator has heard of
 */
export function readReturnedIndex(sql: SqlStorage, forgotten: number, told: number): ReturnedIndex {
  const rows = sql.exec<Omit<ReturnedKey, 'isAccepted' | 'isRoot'> & { isAccepted: number; isRoot: number }>(
    `SELECT number, round, leased, lease, volunteer, weight IS NOT NULL AS isAccepted,
       json_extract(facts, '$.root') IS NOT NULL AS isRoot
     FROM returned WHERE round > ? ORDER BY number`,
    forgotten,
  );
  const keys = Array.from(rows, row => ({
    ...row,
    isAccepted: row.isAccepted === 1,
    isRoot: row.isRoot === 1,
  }));
  const { last } = sql.exec<{ last: number | null }>('SELECT max(number) AS last FROM returned').one();
  return new ReturnedIndex(keys, Math.max(told, last ?? 0));
}
