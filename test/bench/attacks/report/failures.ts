import type { AttackRow } from '../rows.ts';

/** A line for each reason for which cells of a rule have no accuracy. A rule may refuse so small a crowd, for example. */
export function describeFailures(rows: readonly AttackRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { rule, volunteers, failed } of rows) {
    if (failed === null) continue;
    const why = `with ${rule} and ${volunteers} volunteers: ${failed}`;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [...counts].map(
    ([why, count]) => `${count} ${count === 1 ? 'cell has' : 'cells have'} failed ${why}`,
  );
}
