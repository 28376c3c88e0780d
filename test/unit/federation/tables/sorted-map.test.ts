import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byNumber, SortedMap } from '../../../../shared/federation/tables/sorted-map.ts';
import { propertyRuns } from '../../../support/extent.ts';

/** A key is set to a value, or deleted. Few keys, so that they meet again. */
const change = fc.record({ key: fc.integer({ min: 0, max: 60 }), value: fc.option(fc.nat(9)) });
const changes = fc.array(change, { maxLength: 200 });
type Change = { readonly key: number; readonly value: number | null };
type Entry = readonly [number, number];

const empty = SortedMap.empty<number, Entry>(byNumber);
const apply = (map: SortedMap<number, Entry>, { key, value }: Change): SortedMap<number, Entry> =>
  value === null ? map.delete(key) : map.set(key, [key, value]);

/** The same by hand. */
const entriesOf = (list: readonly Change[]): Entry[] => {
  const map = new Map<number, number>();
  for (const { key, value } of list) value === null ? map.delete(key) : map.set(key, value);
  return [...map].toSorted(([a], [b]) => a - b);
};

describe('a sorted map', () => {
  it('has what was set and not deleted, in the order of the keys', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: -1, max: 61 }), (list, from) => {
        const map = list.reduce(apply, empty);
        const wanted = entriesOf(list);
        expect([...map.values()]).toEqual(wanted);
        expect(map.size).toBe(wanted.length);
        expect(map.first()).toEqual(wanted[0]);
        expect([...map.values(from)]).toEqual(wanted.filter(([key]) => key >= from));
        expect(map.countFrom(from)).toBe(wanted.filter(([key]) => key >= from).length);
        for (const [key] of wanted) expect(map.get(key)?.[0]).toBe(key);
        expect(map.has(from)).toBe(wanted.some(([key]) => key === from));
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('is left as it was by whatever is made of it', () => {
    fc.assert(
      fc.property(changes, changes, (list, later) => {
        const map = list.reduce(apply, empty);
        const before = [...map.values()];
        later.reduce(apply, map);
        expect([...map.values()]).toEqual(before);
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it('says what makes it of another', () => {
    fc.assert(
      fc.property(changes, changes, (list, later) => {
        const before = list.reduce(apply, empty);
        const after = later.reduce(apply, before);
        const { set, deleted } = after.since(before);
        const old = new Map([...before.values()].map(entry => [entry[0], entry]));
        expect(set.map(([, value]) => value)).toEqual(
          [...after.values()].filter(entry => old.get(entry[0]) !== entry),
        );
        expect(deleted.map(([key]) => key)).toEqual([...old.keys()].filter(key => !after.has(key)));
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('looks at few entries, to find one and to say what changed, even if keys came in order', () => {
    let looks = 0;
    const counting = SortedMap.empty<number, number>((a, b) => {
      looks += 1;
      return a - b;
    });
    let map = counting;
    for (let key = 0; key < 10_000; key++) map = map.set(key, key);
    const looksOf = (work: () => unknown): number => {
      looks = 0;
      work();
      return looks;
    };
    // A tree of 10,000 entries in which no side weighs three times the other is at most 33 deep.
    expect(looksOf(() => map.get(9_999))).toBeLessThanOrEqual(33);
    const later = map.set(5_000, -1).delete(0).set(20_000, 1);
    expect(looksOf(() => later.since(map))).toBeLessThanOrEqual(500);
    expect(looksOf(() => map.since(map))).toBe(0);
  });
});
