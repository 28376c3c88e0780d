import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, patchOf } from '../../../worker/coordinator/store/patch.ts';
import { propertyRuns } from '../../support/extent.ts';

const json = fc.jsonValue({ maxDepth: 3 });

/** As it is read again out of a row. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** A value of which some parts are replaced, added or taken away, and all others are the same objects. */
const changed = (value: unknown): fc.Arbitrary<unknown> => {
  if (Array.isArray(value))
    return fc
      .tuple(fc.nat(value.length), fc.nat(3), fc.array(json, { maxLength: 3 }))
      .map(([at, cut, add]) => [...value.slice(0, at), ...add, ...value.slice(at + cut)]);
  if (typeof value !== 'object' || value === null) return json;
  return fc
    .tuple(fc.constantFrom('a', 'b', ...Object.keys(value)), fc.option(json, { nil: undefined }))
    .map(([key, field]) => ({ ...value, [key]: field }));
};

const pairs = json.chain(before => fc.oneof(changed(before), json).map(after => [before, after] as const));

/** JSON has no order of fields, but the state has: it is compared as text. */
const textOf = (value: unknown): string => JSON.stringify(value);

describe('a patch', () => {
  it('makes one value of the other, the order of fields included, after it was stored', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const patch = patchOf(before, after);
        const made = patch === null ? before : applyPatch(stored(before), stored(patch));
        expect(textOf(made)).toBe(textOf(stored(after)));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });

  it('of many steps makes the last of the first', () => {
    const steps = json.chain(first =>
      changed(first).chain(next => changed(next).map(last => [first, next, last])),
    );
    fc.assert(
      fc.property(steps, ([first, next, last]) => {
        const made = [patchOf(first, next), patchOf(next, last)].reduce<unknown>(
          (value, patch) => (patch ? applyPatch(value, stored(patch)) : value),
          stored(first),
        );
        expect(textOf(made)).toBe(textOf(stored(last)));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });

  it('is none of what is the same, also in other objects', () => {
    expect(patchOf({ a: [1, 2], b: { c: null } }, { a: [1, 2], b: { c: null } })).toBeNull();
    expect(patchOf({ a: 1 }, { a: 1, b: undefined })).toBeNull();
  });

  it('has of a list what was added, or what was taken out of its middle', () => {
    const served = { student: ['ada', 'bob'] };
    const more = { ...served, student: [...served.student, 'eve'] };
    expect(patchOf(served, more)).toEqual({ fields: { student: { at: 2, cut: 0, add: ['eve'] } } });
    expect(patchOf([1, 2, 3, 4], [1, 4])).toEqual({ at: 1, cut: 2, add: [] });
    expect(patchOf([7, 7], [7, 7, 7])).toEqual({ at: 2, cut: 0, add: [7] });
  });

  it('tells a field that is gone from one that is null', () => {
    expect(patchOf({ a: 1, b: 2 }, { a: 1 })).toEqual({ fields: {}, gone: ['b'] });
    expect(patchOf({ a: 1, b: 2 }, { a: 1, b: null })).toEqual({ fields: { b: { to: null } } });
  });

  it('replaces an object whose fields stand in another order', () => {
    const after = { b: 2, a: 1 };
    expect(patchOf({ a: 1, b: 2 }, after)).toEqual({ to: after });
  });

  it('of another form of value is an error', () => {
    expect(() => applyPatch({ a: 1 }, { at: 0, cut: 1, add: [] })).toThrow('a list');
    expect(() => applyPatch([1], { fields: {} })).toThrow('an object');
  });
});
