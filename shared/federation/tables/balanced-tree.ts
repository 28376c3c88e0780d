/**
 * Weight-balanced search trees (Adams 1992), with the balance that Hirai and Yamamoto proved ("Balancing weight-balanced
 * trees", J. Functional Programming 21, 2011). A branch is never changed. So trees share branches, and the same branch is
 * the same entries.
 */

export interface Branch<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly left: Tree<Key, Value>;
  readonly right: Tree<Key, Value>;
  readonly size: number;
}
export type Tree<Key, Value> = Branch<Key, Value> | null;

type Entry<Key, Value> = Pick<Branch<Key, Value>, 'key' | 'value'>;

/** Below zero if `a` comes before `b`, zero if they are the same key. */
export type Compare<Key> = (a: Key, b: Key) => number;

/** A side has at most so many times the entries of the other, each counted with one more. */
const MOST_UNEQUAL = 3;
/** Whether one rotation is enough: if the inner side has less than so many times the outer one's entries. */
const SINGLE_BELOW = 2;

export const sizeOf = (tree: Tree<unknown, unknown>): number => tree?.size ?? 0;
const weightOf = (tree: Tree<unknown, unknown>): number => sizeOf(tree) + 1;

const branch = <Key, Value>(
  { key, value }: Entry<Key, Value>,
  left: Tree<Key, Value>,
  right: Tree<Key, Value>,
): Branch<Key, Value> => ({ key, value, left, right, size: sizeOf(left) + sizeOf(right) + 1 });

/** Of two sides of which one may have an entry too many. */
function balanced<Key, Value>(
  entry: Entry<Key, Value>,
  left: Tree<Key, Value>,
  right: Tree<Key, Value>,
): Branch<Key, Value> {
  if (right && weightOf(right) > MOST_UNEQUAL * weightOf(left)) return rotatedLeft(entry, left, right);
  if (left && weightOf(left) > MOST_UNEQUAL * weightOf(right)) return rotatedRight(entry, left, right);
  return branch(entry, left, right);
}

function rotatedLeft<Key, Value>(
  entry: Entry<Key, Value>,
  left: Tree<Key, Value>,
  right: Branch<Key, Value>,
): Branch<Key, Value> {
  const inner = right.left;
  return !inner || weightOf(inner) < SINGLE_BELOW * weightOf(right.right)
    ? branch(right, branch(entry, left, inner), right.right)
    : branch(inner, branch(entry, left, inner.left), branch(right, inner.right, right.right));
}

function rotatedRight<Key, Value>(
  entry: Entry<Key, Value>,
  left: Branch<Key, Value>,
  right: Tree<Key, Value>,
): Branch<Key, Value> {
  const inner = left.right;
  return !inner || weightOf(inner) < SINGLE_BELOW * weightOf(left.left)
    ? branch(left, left.left, branch(entry, inner, right))
    : branch(inner, branch(left, left.left, inner.left), branch(entry, inner.right, right));
}

export function find<Key, Value>(
  tree: Tree<Key, Value>,
  key: Key,
  compare: Compare<Key>,
): Branch<Key, Value> | null {
  for (let place = tree; place; ) {
    const order = compare(key, place.key);
    if (order === 0) return place;
    place = order < 0 ? place.left : place.right;
  }
  return null;
}

export function put<Key, Value>(
  tree: Tree<Key, Value>,
  entry: Entry<Key, Value>,
  compare: Compare<Key>,
): Branch<Key, Value> {
  if (!tree) return branch(entry, null, null);
  const order = compare(entry.key, tree.key);
  if (order === 0) return branch(entry, tree.left, tree.right);
  return order < 0
    ? balanced(tree, put(tree.left, entry, compare), tree.right)
    : balanced(tree, tree.left, put(tree.right, entry, compare));
}

/** The same tree if it has no such key. */
export function remove<Key, Value>(
  tree: Tree<Key, Value>,
  key: Key,
  compare: Compare<Key>,
): Tree<Key, Value> {
  if (!tree) return null;
  const order = compare(key, tree.key);
  if (order < 0) {
    const left = remove(tree.left, key, compare);
    return left === tree.left ? tree : balanced(tree, left, tree.right);
  }
  if (order > 0) {
    const right = remove(tree.right, key, compare);
    return right === tree.right ? tree : balanced(tree, tree.left, right);
  }
  if (!tree.right) return tree.left;
  return balanced(lowest(tree.right), tree.left, withoutLowest(tree.right));
}

export function lowest<Key, Value>(tree: Branch<Key, Value>): Branch<Key, Value> {
  let place = tree;
  while (place.left) place = place.left;
  return place;
}

const withoutLowest = <Key, Value>(tree: Branch<Key, Value>): Tree<Key, Value> =>
  tree.left ? balanced(tree, withoutLowest(tree.left), tree.right) : tree.right;

/** Of two sides of any size. */
function joined<Key, Value>(
  entry: Entry<Key, Value>,
  left: Tree<Key, Value>,
  right: Tree<Key, Value>,
): Branch<Key, Value> {
  if (left && weightOf(left) > MOST_UNEQUAL * weightOf(right))
    return balanced(left, left.left, joined(entry, left.right, right));
  if (right && weightOf(right) > MOST_UNEQUAL * weightOf(left))
    return balanced(right, joined(entry, left, right.left), right.right);
  return branch(entry, left, right);
}

interface Parts<Key, Value> {
  readonly below: Tree<Key, Value>;
  readonly at: Branch<Key, Value> | null;
  readonly above: Tree<Key, Value>;
}

/** The entries below a key, the one of the key and those above it. At a tree's own key its sides are the parts. */
function split<Key, Value>(tree: Tree<Key, Value>, key: Key, compare: Compare<Key>): Parts<Key, Value> {
  if (!tree) return { below: null, at: null, above: null };
  const order = compare(key, tree.key);
  if (order === 0) return { below: tree.left, at: tree, above: tree.right };
  const { below, at, above } = split(order < 0 ? tree.left : tree.right, key, compare);
  return order < 0
    ? { below, at, above: joined(tree, above, tree.right) }
    : { below: joined(tree, tree.left, below), at, above };
}

/** Tells of every entry, in order, that two trees do not share. A side that has no such entry tells none. */
export function compareTrees<Key, Value>(
  before: Tree<Key, Value>,
  after: Tree<Key, Value>,
  compare: Compare<Key>,
  tell: (before: Branch<Key, Value> | null, after: Branch<Key, Value> | null) => void,
): void {
  if (before === after) return;
  const middle = after ?? before;
  if (!middle) return;
  const old = split(before, middle.key, compare);
  compareTrees(old.below, after?.left ?? null, compare, tell);
  if (!old.at || !after || old.at.value !== after.value) tell(old.at, after);
  compareTrees(old.above, after?.right ?? null, compare, tell);
}
