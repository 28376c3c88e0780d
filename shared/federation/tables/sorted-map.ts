import {
  type Branch,
  type Compare,
  compareTrees,
  find,
  lowest,
  put,
  remove,
  sizeOf,
  type Tree,
} from './balanced-tree.ts';

export const byNumber: Compare<number> = (a, b) => a - b;
export const byText: Compare<string> = (a, b) => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/** What makes one map of another. */
export interface Changes<Key, Value> {
  readonly set: readonly (readonly [key: Key, value: Value])[];
  readonly deleted: readonly (readonly [key: Key, value: Value])[];
}

/**
 * A map in the order of its keys. It is a value: a change makes another map, which shares all but about log n entries
 * with the one before. `since` passes over what two maps share. So what changed between two states costs as much as the
 * changes, and not as much as the states.
 */
export class SortedMap<Key, Value> {
  private readonly compare: Compare<Key>;
  private readonly tree: Tree<Key, Value>;

  private constructor(compare: Compare<Key>, tree: Tree<Key, Value>) {
    this.compare = compare;
    this.tree = tree;
  }

  static empty<Key, Value>(compare: Compare<Key>): SortedMap<Key, Value> {
    return new SortedMap<Key, Value>(compare, null);
  }

  get size(): number {
    return sizeOf(this.tree);
  }

  get(key: Key): Value | undefined {
    return find(this.tree, key, this.compare)?.value;
  }

  has(key: Key): boolean {
    return find(this.tree, key, this.compare) !== null;
  }

  set(key: Key, value: Value): SortedMap<Key, Value> {
    return new SortedMap(this.compare, put(this.tree, { key, value }, this.compare));
  }

  delete(key: Key): SortedMap<Key, Value> {
    const tree = remove(this.tree, key, this.compare);
    return tree === this.tree ? this : new SortedMap(this.compare, tree);
  }

  /** The value of the lowest key. */
  first(): Value | undefined {
    return this.tree ? lowest(this.tree).value : undefined;
  }

  /** The value at this place in the order, from 0. */
  at(index: number): Value | undefined {
    let left = index;
    for (let place = this.tree; place; ) {
      const below = sizeOf(place.left);
      if (left === below) return place.value;
      place = left < below ? place.left : place.right;
      if (left > below) left -= below + 1;
    }
    return undefined;
  }

  /** How many keys are this one or come after it. */
  countFrom(key: Key): number {
    let count = 0;
    for (let place = this.tree; place; ) {
      const isFrom = this.compare(place.key, key) >= 0;
      if (isFrom) count += 1 + sizeOf(place.right);
      place = isFrom ? place.left : place.right;
    }
    return count;
  }

  /** In the order of the keys, from this one on if one is given. Whoever has seen enough stops. */
  *values(from?: Key): Generator<Value, void> {
    const path: Branch<Key, Value>[] = [];
    const descend = (start: Tree<Key, Value>): void => {
      for (let place = start; place; ) {
        const isFrom = from === undefined || this.compare(place.key, from) >= 0;
        if (isFrom) path.push(place);
        place = isFrom ? place.left : place.right;
      }
    };
    descend(this.tree);
    for (let next = path.pop(); next; next = path.pop()) {
      yield next.value;
      descend(next.right);
    }
  }

  since(before: SortedMap<Key, Value>): Changes<Key, Value> {
    const set: [Key, Value][] = [];
    const deleted: [Key, Value][] = [];
    compareTrees(before.tree, this.tree, this.compare, (old, now) => {
      if (now) set.push([now.key, now.value]);
      else if (old) deleted.push([old.key, old.value]);
    });
    return { set, deleted };
  }
}
