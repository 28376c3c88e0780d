import type { Role } from '../../protocol/identifiers.ts';
import { byText, SortedMap } from '../tables/sorted-map.ts';
import { type RowChanges, Table } from '../tables/table.ts';
import type { LeaseState } from './lease-state.ts';

/** When a lease is due. Leases that are due at once come in the order of their ids. */
type Due = readonly [at: number, id: string];
const byTime = ([at, id]: Due, [otherAt, otherId]: Due): number => at - otherAt || byText(id, otherId);

interface Indexes {
  readonly rows: Table<LeaseState>;
  readonly byVolunteer: SortedMap<string, readonly LeaseState[]>;
  readonly byDeadline: SortedMap<Due, LeaseState>;
  /** How many, by round and role. */
  readonly counts: Readonly<Record<string, number>>;
}

const keyOf = (role: Role, round: number): string => `${round} ${role}`;

/** The leases in hand, by what the rules ask of them. It is a value: a change makes another table. */
export class LeaseTable {
  private readonly indexes: Indexes;

  private constructor(indexes: Indexes) {
    this.indexes = indexes;
  }

  static of(leases: Iterable<LeaseState>): LeaseTable {
    let table = new LeaseTable({
      rows: Table.of<LeaseState>([]),
      byVolunteer: SortedMap.empty(byText),
      byDeadline: SortedMap.empty(byTime),
      counts: {},
    });
    for (const lease of leases) table = table.put(lease);
    return table;
  }

  get size(): number {
    return this.indexes.rows.size;
  }

  get(id: string): LeaseState | undefined {
    return this.indexes.rows.get(id);
  }

  /** In the order in which they were granted. */
  values(): Iterable<LeaseState> {
    return this.indexes.rows.values();
  }

  /** Those of a volunteer, two at most, in the order in which they were granted. */
  heldBy(volunteer: string): readonly LeaseState[] {
    return this.indexes.byVolunteer.get(volunteer) ?? [];
  }

  count(role: Role, round: number): number {
    return this.indexes.counts[keyOf(role, round)] ?? 0;
  }

  /** The one whose deadline is the next. */
  firstDue(): LeaseState | undefined {
    return this.indexes.byDeadline.first();
  }

  put(lease: LeaseState): LeaseTable {
    const { rows, byVolunteer, byDeadline, counts } = this.delete(lease.id).indexes;
    const key = keyOf(lease.role, lease.round);
    const held = byVolunteer.get(lease.volunteer) ?? [];
    return new LeaseTable({
      rows: rows.put(lease),
      byVolunteer: byVolunteer.set(lease.volunteer, [...held, lease]),
      byDeadline: byDeadline.set([lease.deadlineAt, lease.id], lease),
      counts: { ...counts, [key]: (counts[key] ?? 0) + 1 },
    });
  }

  delete(id: string): LeaseTable {
    const lease = this.get(id);
    if (!lease) return this;
    const { rows, byVolunteer, byDeadline, counts } = this.indexes;
    const others = this.heldBy(lease.volunteer).filter(other => other !== lease);
    const { [keyOf(lease.role, lease.round)]: count = 0, ...otherCounts } = counts;
    return new LeaseTable({
      rows: rows.delete(id),
      byVolunteer:
        others.length > 0 ? byVolunteer.set(lease.volunteer, others) : byVolunteer.delete(lease.volunteer),
      byDeadline: byDeadline.delete([lease.deadlineAt, id]),
      counts: count > 1 ? { ...counts, [keyOf(lease.role, lease.round)]: count - 1 } : otherCounts,
    });
  }

  /** @param before a table that this one was made of */
  since(before: LeaseTable): RowChanges<LeaseState> {
    return this.indexes.rows.since(before.indexes.rows);
  }

  toJSON(): LeaseState[] {
    return [...this.values()];
  }
}
