import { readDoubles, writeDoubles } from '../codec/little-endian.ts';
import type { FoldUnit } from './fold-units.ts';
import type { PartialSum } from './partial-sums.ts';

/**
 * A partial sum as bytes, for the cohort that goes on with it: little-endian doubles, so that every integer stays exact.
 * First weight and reach of what is learnt, then weight and both reaches of the statistics, then the sums themselves, and
 * behind those of what is learnt the weight of each if they have one. How many bytes there are says whether they have.
 */
const HEADER = 5;

export function encodeSum({ sum, statistics }: PartialSum): Uint8Array {
  const { high, low } = statistics;
  const header = [sum.weight, sum.reach, statistics.weight, high.reach, low.reach];
  const values = [header, sum.sums, sum.weights ?? [], high.sums, low.sums];
  const bytes = new Uint8Array(8 * values.reduce((count, { length }) => count + length, 0));
  let at = 0;
  for (const list of values) {
    writeDoubles(bytes, at, list);
    at += 8 * list.length;
  }
  return bytes;
}

/** @throws if these are not the bytes of a sum of this shard: they come from our own storage */
export function decodeSum(unit: FoldUnit, bytes: Uint8Array): PartialSum {
  const { elements, statistics } = unit;
  const expected = 8 * (HEADER + elements + 2 * statistics);
  const isWeighed = elements > 0 && bytes.length === expected + 8 * elements;
  if (bytes.length !== expected && !isWeighed)
    throw new Error(
      `a sum of ${bytes.length} bytes for shard ${unit.shard} of ${unit.segment}, not ${expected}`,
    );
  let at = 0;
  const list = (length: number): Float64Array => {
    at += 8 * length;
    return readDoubles(bytes, at - 8 * length, length);
  };
  const [weight = 0, reach = 0, observed = 0, highReach = 0, lowReach = 0] = list(HEADER);
  return {
    unit,
    sum: { weight, reach, sums: list(elements), ...(isWeighed && { weights: list(elements) }) },
    statistics: {
      weight: observed,
      high: { reach: highReach, sums: list(statistics) },
      low: { reach: lowReach, sums: list(statistics) },
    },
  };
}
