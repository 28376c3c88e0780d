import type { FoldUnit } from './fold-units.ts';

/** Bytes of the sums of these units: one f64 for each learnt value, and two for each statistic. */
export const sumBytes = (units: readonly FoldUnit[]): number =>
  units.reduce((sum, { elements, statistics }) => sum + 8 * elements + 16 * statistics, 0);

/**
 * The units in order, in groups. The sums of a group take at most `maxBytes` together. A unit that takes more is a
 * group alone.
 */
export function groupUnits(units: readonly FoldUnit[], maxBytes: number): FoldUnit[][] {
  const groups: FoldUnit[][] = [];
  let bytes = 0;
  for (const unit of units) {
    const more = sumBytes([unit]);
    const last = groups.at(-1);
    if (last && bytes + more <= maxBytes) last.push(unit);
    else {
      groups.push([unit]);
      bytes = 0;
    }
    bytes += more;
  }
  return groups;
}
