import type { AggregationRule } from './aggregation-rule.ts';
import { addScaled, type ExactSum, emptySum, meanOf, mergeSums } from './exact-sum.ts';
import { updateNorm } from './update-norm.ts';

/**
 * The mean of updates each scaled to norm at most c: Δ_i · min(1, c / ‖Δ_i‖) (norm bounding: Sun et al. 2019,
 * arXiv:1911.07963, section 4). c = null clips nothing. Values are checked for range after scaling, so a boosted
 * update is tamed, not refused.
 */
export const clippedMean: AggregationRule<ExactSum> = {
  init: (elements, { clip }) => emptySum(elements, clip),
  add: (state, update, weight, norm) =>
    addScaled(state, update, weight, clipScale(state.clip, norm ?? updateNorm([update]))),
  merge: mergeSums,
  finish: meanOf,
};

/** Where the norm is not finite the update is refused by its values; the scale does not matter. */
const clipScale = (clip: number | null, norm: number): number =>
  clip !== null && norm > clip ? clip / norm : 1;
