import type { AggregationRule, MeasuredUpdate, Weighing } from '../aggregation-rule.ts';
import { type ClipMemory, clipMemory, clipOf, type NormFacts } from '../clip-memory.ts';

/**
 * The mean of updates, each scaled to norm at most c: Δ_i · min(1, c / ‖Δ_i‖) (norm bounding: Sun et al. 2019,
 * arXiv:1911.07963, section 4). c is a low quantile of the norms of many rounds (`clip-memory`).
 */
export const clippedMean: AggregationRule<NormFacts, ClipMemory> = {
  ...clipMemory,
  kind: 'one-pass',
  weigh: (updates, memory) => {
    const clip = clipOf(memory, updates);
    return updates.map(update => clipped(update, clip));
  },
  weighAlone: ({ scale }) => (scale === null ? null : update => clipped(update, scale)),
};

const clipped = (
  { weight, facts: { norm } }: MeasuredUpdate<Pick<NormFacts, 'norm'>>,
  clip: number | null,
): Weighing => ({ weight, scale: clip !== null && norm > clip ? clip / norm : 1 });
