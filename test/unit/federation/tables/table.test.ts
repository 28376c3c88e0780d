import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Table } from '../../../../shared/federation/tables/table.ts';
import { propertyRuns } from '../../../support/extent.ts';

interface Row {
  readonly id: string;
  readonly value: number;
}

const change = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'constructor'), value: fc.option(fc.nat(9)) });
const changes = fc.array(change, { maxLength: 40 });
type Change = { readonly id: string; readonly value: number | null };

const apply = (table: Table<Row>, { id, value }: Change): Table<Row> =>
  value === null ? table.delete(id) : table.put({ id, value });

describe('a table', () => {
  it('has its rows in the order in which they were first put, as a Map has', () => {
    fc.assert(
      fc.property(changes, list => {
        const table = list.reduce(apply, Table.of<Row>([]));
        const map = new Map<string, Row>();
        for (const { id, value } of list) value === null ? map.delete(id) : map.set(id, { id, value });
        expect([...table.values()]).toEqual([...map.values()]);
        expect(table.size).toBe(map.size);
        for (const id of ['a', 'constructor']) expect(table.get(id)).toEqual(map.get(id));
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('says what a store must write to have it, in the right order', () => {
    fc.assert(
      fc.property(changes, changes, (list, later) => {
        const before = list.reduce(apply, Table.of<Row>([]));
        const after = later.reduce(apply, before);
        const { put, deleted } = after.since(before);
        const stored = new Map(Array.from(before.values(), row => [row.id, row]));
        for (const id of deleted) stored.delete(id);
        for (const row of put) stored.set(row.id, row);
        expect([...stored.values()]).toEqual([...after.values()]);
        const kept = new Set(before.values());
        expect(put.every(row => !kept.has(row))).toBe(true);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
