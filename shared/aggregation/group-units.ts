import type { FoldUnit } from './fold-units.ts';

/** Bytes of a running sum: one f64 an element. */
export const sumBytes = (units: readonly FoldUnit[]): number =>
  units.reduce((sum, unit) => sum + 8 * unit.elements, 0);

/** The units in order, in groups whose sums take at most `maxBytes` together; one that takes more alone is a group. */
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
