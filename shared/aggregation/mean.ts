import type { AggregationRule } from './aggregation-rule.ts';
import { addScaled, type ExactSum, emptySum, meanOf, mergeSums } from './exact-sum.ts';

/** Σ n_i Δ_i / Σ n_i: federated averaging (McMahan et al. 2017, arXiv:1602.05629, algorithm 1). Ignores `clip`. */
export const mean: AggregationRule<ExactSum> = {
  init: elements => emptySum(elements, null),
  add: (state, update, weight) => addScaled(state, update, weight),
  merge: mergeSums,
  finish: meanOf,
};
