import { checkAggregation } from '../../shared/cohort/check-aggregation.ts';
import type { AggregationName } from '../../shared/protocol/aggregation-spec.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';

/**
 * The rules that cost least under attack, by the scoreboard (`test/bench/results/attacks.md`). The first needs a root set
 * and a referee; rounds in which none is here count by the others. The second needs three updates of a role.
 */
const SAFEST: readonly AggregationName[] = ['fltrust', 'geometric-median', 'clipped-mean'];

/** The rule of a run whose host names none: the safest one that it can go by. */
export const safestRule = (spec: RunSpec, outline: ModelOutline): AggregationName =>
  SAFEST.find(aggregation => checkAggregation({ ...spec, aggregation }, outline).ok) ?? 'clipped-mean';
