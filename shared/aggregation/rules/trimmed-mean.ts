import type { AggregationRule } from '../aggregation-rule.ts';
import { type ClipMemory, clipMemory, type NormFacts } from '../clip-memory.ts';

/**
 * Of each coordinate the mean without the f largest and the f smallest values (Yin et al. 2018, arXiv:1803.01498,
 * definition 2). What remains lies between honest values, if at most f are hostile.
 */
export const trimmedMean: AggregationRule<NormFacts, ClipMemory> = {
  ...clipMemory,
  kind: 'by-coordinate',
  least: 3,
  most: updates => Math.floor((updates - 1) / 2),
  trim: (_, hostile) => hostile,
};
