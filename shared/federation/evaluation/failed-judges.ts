/** Whoever failed so often at a version is not waited for. */
const MOST_FAILURES = 2;

/**
 * More are not remembered of a version: a stranger may come as thousands who ask for a test and say nothing. The list is
 * in the state, and each failure writes it. Who is forgotten may be waited for again, but no longer than EVAL8 says.
 */
const MOST_REMEMBERED = 512;

/** [EVAL8] The list with one failure more. */
export const withFailure = (failed: readonly string[], volunteer: string): readonly string[] =>
  hasFailedOften(failed, volunteer) ? failed : [...failed, volunteer].slice(-MOST_REMEMBERED);

/** [EVAL8] Whether a volunteer has failed twice. */
export const hasFailedOften = (failed: readonly string[], volunteer: string): boolean =>
  oftenIn(failed).has(volunteer);

let last: { readonly list: readonly string[]; readonly often: ReadonlySet<string> } | null = null;

/** A step asks this of every volunteer and of one list, which is never changed. */
function oftenIn(list: readonly string[]): ReadonlySet<string> {
  if (last?.list === list) return last.often;
  const counts = new Map<string, number>();
  for (const id of list) counts.set(id, (counts.get(id) ?? 0) + 1);
  const often = new Set([...counts].flatMap(([id, count]) => (count >= MOST_FAILURES ? [id] : [])));
  last = { list, often };
  return often;
}
