import type { Role } from '../../protocol/identifiers.ts';
import { byText, SortedMap } from '../tables/sorted-map.ts';
import { type RowChanges, Table } from '../tables/table.ts';
import type { LeaseState } from './lease-state.ts';

/** When a lease is due. Leases that are due at once come in the order of their ids. */
type Due = readonly [at: number, id: string];
const byTime = (one: Due, other: Due): number => one[0] - other[0] || byText(one[1], other[1]);

interface Indexes {
  readonly rows: Table<LeaseState>;
  readonly byVolunteer: SortedMap<string, readonly LeaseState[]>;
  readonly byDeadline: SortedMap<Due, LeaseState>;
  /** Those that have a place and are overdue some time. */
  readonly byOverdue: SortedMap<Due, LeaseState>;
  /** Those that have a place and whose time is not known from updates. */
  readonly untimed: SortedMap<string, LeaseState>;
  /** How many have a place, by round and role, and how many of these are on trial. */
  readonly places: Readonly<Record<string, number>>;
  readonly trials: Readonly<Record<string, number>>;
  /** How many of these are training leases. */
  readonly trainingPlaces: number;
  /** The evaluators' leases. They are few, and none of them loses its place without an end. */
  readonly evaluators: readonly LeaseState[];
}

const keyOf = (role: Role, round: number): string => `${round} ${role}`;
const rootKeyOf = (role: Role, round: number): string => `${keyOf(role, round)} root`;

/** [ROOT4] A root lease takes none of its role's places. */
const placeOf = ({ role, round, root }: LeaseState): string =>
  root ? rootKeyOf(role, round) : keyOf(role, round);

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
      byOverdue: SortedMap.empty(byTime),
      untimed: SortedMap.empty(byText),
      places: {},
      trials: {},
      trainingPlaces: 0,
      evaluators: [],
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

  /** How many have a place in this role of the round. */
  placesTaken(role: Role, round: number): number {
    return this.indexes.places[keyOf(role, round)] ?? 0;
  }

  /** [ROOT4] Whether a root lease of this role and round is in hand that nobody else should have. */
  hasRoot(role: Role, round: number): boolean {
    return this.indexes.places[rootKeyOf(role, round)] !== undefined;
  }

  /** [CROWD5] How many of these are newcomers' leases on trial. */
  trialsIn(role: Role, round: number): number {
    return this.indexes.trials[keyOf(role, round)] ?? 0;
  }

  /** How many training leases have a place, in whatever round. */
  get trainingPlaces(): number {
    return this.indexes.trainingPlaces;
  }

  /** The evaluators' leases of this version, in the order in which they were granted. */
  evaluatorsOf(version: number): readonly LeaseState[] {
    return this.indexes.evaluators.filter(({ round }) => round === version);
  }

  /** Whether any lease has a place. */
  get hasPlaces(): boolean {
    return Object.keys(this.indexes.places).length > 0;
  }

  /** The one whose deadline is the next. */
  firstDue(): LeaseState | undefined {
    return this.indexes.byDeadline.first();
  }

  /** The one with a place that is overdue the next, or is overdue already. */
  firstOverdue(): LeaseState | undefined {
    return this.indexes.byOverdue.first();
  }

  /** Those with a place whose time is not known from updates. */
  untimed(): Iterable<LeaseState> {
    return this.indexes.untimed.values();
  }

  /** A lease that is here already keeps its place in the order. */
  put(lease: LeaseState): LeaseTable {
    const before = this.get(lease.id);
    const { rows, byVolunteer, byDeadline, ...places } = before ? this.without(before) : this.indexes;
    const held = this.heldBy(lease.volunteer);
    return new LeaseTable({
      rows: rows.put(lease),
      byVolunteer: byVolunteer.set(
        lease.volunteer,
        before ? inPlaceOf(held, before, lease) : [...held, lease],
      ),
      byDeadline: byDeadline.set([lease.deadlineAt, lease.id], lease),
      ...(lease.isFreed ? places : withPlace(places, lease)),
      ...(before && isJudging(before) && isJudging(lease)
        ? { evaluators: inPlaceOf(this.indexes.evaluators, before, lease) }
        : {}),
    });
  }

  delete(id: string): LeaseTable {
    const lease = this.get(id);
    if (!lease) return this;
    const others = this.without(lease);
    return new LeaseTable({ ...others, rows: others.rows.delete(id) });
  }

  /** The indexes without the lease. Its row stays. */
  private without(lease: LeaseState): Indexes {
    const { rows, byVolunteer, byDeadline, ...places } = this.indexes;
    const others = this.heldBy(lease.volunteer).filter(({ id }) => id !== lease.id);
    return {
      rows,
      byVolunteer:
        others.length > 0 ? byVolunteer.set(lease.volunteer, others) : byVolunteer.delete(lease.volunteer),
      byDeadline: byDeadline.delete([lease.deadlineAt, lease.id]),
      ...(lease.isFreed ? places : withoutPlace(places, lease)),
    };
  }

  /** @param before a table that this one was made of */
  since(before: LeaseTable): RowChanges<LeaseState> {
    return this.indexes.rows.since(before.indexes.rows);
  }

  toJSON(): LeaseState[] {
    return [...this.values()];
  }
}

type PlaceIndexes = Pick<
  Indexes,
  'byOverdue' | 'untimed' | 'places' | 'trials' | 'trainingPlaces' | 'evaluators'
>;

const isJudging = ({ role, isFreed }: LeaseState): boolean => role === 'evaluator' && !isFreed;

const inPlaceOf = (list: readonly LeaseState[], before: LeaseState, after: LeaseState): LeaseState[] =>
  list.map(one => (one === before ? after : one));

const trainingIn = ({ role }: LeaseState): number => (role === 'evaluator' ? 0 : 1);

type Counts = Readonly<Record<string, number>>;

const withOne = (counts: Counts, key: string): Counts => ({ ...counts, [key]: (counts[key] ?? 0) + 1 });

function withoutOne(counts: Counts, key: string): Counts {
  const { [key]: count = 0, ...others } = counts;
  return count > 1 ? { ...others, [key]: count - 1 } : others;
}

function withPlace(
  { byOverdue, untimed, places, trials, trainingPlaces, evaluators }: PlaceIndexes,
  lease: LeaseState,
): PlaceIndexes {
  const { timing, id } = lease;
  const key = placeOf(lease);
  const overdueAt = timing?.overdueAt ?? null;
  return {
    byOverdue: overdueAt === null ? byOverdue : byOverdue.set([overdueAt, id], lease),
    untimed: timing && !timing.isKnown ? untimed.set(id, lease) : untimed,
    places: withOne(places, key),
    trials: lease.isTrial ? withOne(trials, key) : trials,
    trainingPlaces: trainingPlaces + trainingIn(lease),
    evaluators: lease.role === 'evaluator' ? [...evaluators, lease] : evaluators,
  };
}

function withoutPlace(
  { byOverdue, untimed, places, trials, trainingPlaces, evaluators }: PlaceIndexes,
  lease: LeaseState,
): PlaceIndexes {
  const { timing, id } = lease;
  const key = placeOf(lease);
  const overdueAt = timing?.overdueAt ?? null;
  return {
    byOverdue: overdueAt === null ? byOverdue : byOverdue.delete([overdueAt, id]),
    untimed: untimed.delete(id),
    places: withoutOne(places, key),
    trials: lease.isTrial ? withoutOne(trials, key) : trials,
    trainingPlaces: trainingPlaces - trainingIn(lease),
    evaluators: lease.role === 'evaluator' ? evaluators.filter(({ id: other }) => other !== id) : evaluators,
  };
}
