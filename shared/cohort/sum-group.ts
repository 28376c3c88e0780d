import type { Weighing } from '../aggregation/aggregation-rule.ts';
import type { FoldUnit } from '../aggregation/fold-units.ts';
import { addUnit, emptySums, type PartialSum, type PartialSums } from '../aggregation/partial-sums.ts';
import { atOnce } from '../math/at-once.ts';
import type { KeptEnvelopes } from './kept-envelopes.ts';
import type { KeptUpdate } from './ports.ts';

/** So many envelopes are read at once while the sums of a group grow. */
const READ_AT_ONCE = 2;

/** A kept update, and how much of it counts. */
export interface WeighedUpdate {
  readonly update: KeptUpdate;
  readonly weighing: Weighing;
}

/**
 * The sums of these shards over these updates. The order in which the updates are read changes no bit. Memory holds the
 * sums, and what two updates say of the shards.
 */
export async function sumGroup(
  units: readonly FoldUnit[],
  updates: Iterable<WeighedUpdate>,
  envelopes: KeptEnvelopes,
): Promise<PartialSums> {
  const sums = [...emptySums(units)];
  await atOnce(READ_AT_ONCE, updates, async ({ update, weighing }) => {
    const values = await envelopes.read(update, units);
    for (const [i, own] of values.entries()) sums[i] = addUnit(sums[i] as PartialSum, own, weighing);
  });
  return sums;
}
