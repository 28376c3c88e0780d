/** Of how many lists the sets are kept. A step asks for a list of each role, and for a few others. */
const KEPT = 16;

interface Kept {
  readonly list: readonly string[];
  readonly set: ReadonlySet<string>;
}

const kept: Kept[] = [];
let next = 0;

/**
 * The same names as a set. Lists of the state are never changed, so the set of one that is asked for again and again is
 * made once. A `WeakMap` would know more lists, but every update makes a new one, and that costs the collector more than
 * the sets are worth.
 */
export function setOf(list: readonly string[]): ReadonlySet<string> {
  const known = kept.find(one => one.list === list);
  if (known) return known.set;
  const set = new Set(list);
  kept[next] = { list, set };
  next = (next + 1) % KEPT;
  return set;
}
