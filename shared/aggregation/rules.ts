import type { AggregationName } from '../protocol/aggregation-spec.ts';
import { type AnyRule, anyRule } from './aggregation-rule.ts';
import { clippedMean } from './rules/clipped-mean.ts';
import { mean } from './rules/mean.ts';

/** Every aggregation rule by the name that a run's spec gives. */
export const aggregationRules: Readonly<Record<AggregationName, AnyRule>> = {
  mean: anyRule(mean),
  'clipped-mean': anyRule(clippedMean),
};
