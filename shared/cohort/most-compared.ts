import { foldUnits } from '../aggregation/fold-units.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { blockValues } from './read-rows.ts';

/** [ACC2] The exact sums have room for so many updates of one round, whatever their values (`aggregation/exact-sum`). */
export const MAX_UPDATES = 512;

/**
 * A shard is folded in one call, and a call of a Worker may make 10,000 requests unless its deployment allows more. The rest
 * is for the heads of the envelopes, and for what is published.
 */
const READS_A_SHARD = 8_000;

/**
 * [ACC2] So many updates of a role fit into a round whose rule compares them or goes by coordinate: each block of a shard
 * is read from every envelope, and the more updates there are, the smaller are the blocks. More could never be folded.
 */
export function mostCompared({ robust: { bucket } }: Pick<RunSpec, 'robust'>, model: ModelOutline): number {
  const units = foldUnits(
    model,
    model.segments.map(({ id }) => id),
  );
  const values = units.reduce((most, unit) => Math.max(most, unit.elements + unit.statistics), 0);
  const readsOf = (updates: number): number =>
    updates * Math.ceil(values / blockValues(Math.ceil(updates / bucket), bucket > 1));
  let updates = MAX_UPDATES;
  while (updates > 1 && readsOf(updates) > READS_A_SHARD) updates--;
  return updates;
}
