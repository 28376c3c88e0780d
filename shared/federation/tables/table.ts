import { byNumber, byText, SortedMap } from './sorted-map.ts';

/** What makes one table of another. */
export interface RowChanges<Row> {
  /** New rows, and rows that are another object than before. */
  readonly put: readonly Row[];
  readonly deleted: readonly string[];
}

/**
 * Rows by their id, in the order in which they were first put. Decisions depend on that order, and the store keeps it. A
 * table is a value: a change makes another one.
 */
export class Table<Row extends { readonly id: string }> {
  /** Rows by their place. Places count up, and no place is given twice. */
  private readonly rows: SortedMap<number, Row>;
  private readonly places: SortedMap<string, number>;
  private readonly nextPlace: number;

  private constructor(rows: SortedMap<number, Row>, places: SortedMap<string, number>, nextPlace: number) {
    this.rows = rows;
    this.places = places;
    this.nextPlace = nextPlace;
  }

  static of<Row extends { readonly id: string }>(rows: Iterable<Row>): Table<Row> {
    let table = new Table<Row>(SortedMap.empty(byNumber), SortedMap.empty(byText), 0);
    for (const row of rows) table = table.put(row);
    return table;
  }

  get size(): number {
    return this.rows.size;
  }

  get(id: string): Row | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.rows.get(place);
  }

  put(row: Row): Table<Row> {
    const place = this.places.get(row.id);
    if (place !== undefined) return new Table(this.rows.set(place, row), this.places, this.nextPlace);
    const last = this.nextPlace;
    return new Table(this.rows.set(last, row), this.places.set(row.id, last), last + 1);
  }

  delete(id: string): Table<Row> {
    const place = this.places.get(id);
    if (place === undefined) return this;
    return new Table(this.rows.delete(place), this.places.delete(id), this.nextPlace);
  }

  values(): Iterable<Row> {
    return this.rows.values();
  }

  toJSON(): Row[] {
    return [...this.values()];
  }

  /** @param before a table that this one was made of */
  since(before: Table<Row>): RowChanges<Row> {
    const { set, deleted } = this.rows.since(before.rows);
    return { put: set.map(([, row]) => row), deleted: deleted.map(([, { id }]) => id) };
  }
}
