const known = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The same names as a set. Lists of the state are never changed, so the set of a list is made once. */
export function setOf(list: readonly string[]): ReadonlySet<string> {
  const kept = known.get(list);
  if (kept) return kept;
  const set = new Set(list);
  known.set(list, set);
  return set;
}
