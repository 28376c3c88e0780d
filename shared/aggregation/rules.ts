import type { AggregationName } from '../protocol/aggregation-spec.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { type AnyRule, anyRule } from './aggregation-rule.ts';
import { clippedByThreeRounds } from './rules/clipped-by-three-rounds.ts';
import { clippedMean } from './rules/clipped-mean.ts';
import { flTrust } from './rules/fltrust.ts';
import { geometricMedian } from './rules/geometric-median.ts';
import { mean } from './rules/mean.ts';
import { coordinateMedian } from './rules/median.ts';
import { multiKrum } from './rules/multi-krum.ts';
import { trimmedMean } from './rules/trimmed-mean.ts';

/** Every aggregation rule by the name that a run's spec gives. */
export const aggregationRules: Readonly<Record<AggregationName, AnyRule>> = {
  mean: anyRule(mean),
  'clipped-mean': anyRule(clippedMean),
  'trimmed-mean': anyRule(trimmedMean),
  median: anyRule(coordinateMedian),
  'geometric-median': anyRule(geometricMedian),
  'multi-krum': anyRule(multiKrum),
  fltrust: anyRule(flTrust),
};

const ofOlderRuns = anyRule(clippedByThreeRounds);

/** What a run says of its aggregation. */
export type AggregationSettings = Pick<RunSpec, 'aggregation' | 'robust'>;

/** The rule that a run chose, as the run began with it. */
export const ruleOf = ({ aggregation, robust }: AggregationSettings): AnyRule =>
  aggregation === 'clipped-mean' && robust.clip === 'three-rounds'
    ? ofOlderRuns
    : aggregationRules[aggregation];
