import type { AggregationRule } from '../aggregation-rule.ts';
import { type ClipMemory, clipMemory, type NormFacts } from '../clip-memory.ts';

/**
 * Of each coordinate the median, which is the mean of the two middle values of an even number (Yin et al. 2018,
 * arXiv:1803.01498, definition 1). It is the trimmed mean that leaves out as many as it can.
 */
export const coordinateMedian: AggregationRule<NormFacts, ClipMemory> = {
  ...clipMemory,
  kind: 'by-coordinate',
  least: 3,
  most: updates => Math.floor((updates - 1) / 2),
  trim: updates => Math.floor((updates - 1) / 2),
};
