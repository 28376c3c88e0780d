import type { FoldUnit } from '../../../shared/aggregation/fold-units.ts';

/** Two learnt values. */
export const unit: FoldUnit = {
  segment: 'segment-1',
  shard: 0,
  pieces: [{ kind: 'learnt', tensor: 0, offset: 0, elements: 2 }],
  elements: 2,
  statistics: 0,
};
