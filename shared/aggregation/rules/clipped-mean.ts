import * as z from 'zod';
import { median } from '../../math/median.ts';
import type { AggregationRule, MeasuredUpdate, Weighing } from '../aggregation-rule.ts';

const factsSchema = z.object({ norm: z.number().nonnegative() });
type Facts = z.infer<typeof factsSchema>;

/** Norms of the updates of the last rounds, the oldest round first. */
const memorySchema = z.object({ norms: z.array(z.array(z.number().nonnegative())) });
type Memory = z.infer<typeof memorySchema>;

/** The norms of so many rounds are remembered. */
const REMEMBERED_ROUNDS = 3;

/**
 * The mean of updates, each scaled to norm at most c: Δ_i · min(1, c / ‖Δ_i‖) (norm bounding: Sun et al. 2019,
 * arXiv:1911.07963, section 4). c is the median norm of the rounds before. If there is none before, it is the median
 * of this round.
 */
export const clippedMean: AggregationRule<Facts, Memory> = {
  factsSchema,
  memorySchema,
  firstMemory: { norms: [] },
  memoryRounds: REMEMBERED_ROUNDS,
  measure: ({ norm }) => ({ norm }),
  weigh: (updates, memory) => {
    const clip = clipOf(memory) ?? median(updates.map(({ facts }) => facts.norm));
    return updates.map(update => clipped(update, clip));
  },
  weighAlone: memory => {
    const clip = clipOf(memory);
    return clip === null ? null : update => clipped(update, clip);
  },
  remember: ({ norms }, updates) => ({
    norms: [...norms, updates.map(({ facts }) => facts.norm)].slice(-REMEMBERED_ROUNDS),
  }),
};

/** Null before a round is remembered. */
const clipOf = ({ norms }: Memory): number | null => median(norms.flat());

const clipped = ({ weight, facts: { norm } }: MeasuredUpdate<Facts>, clip: number | null): Weighing => ({
  weight,
  scale: clip !== null && norm > clip ? clip / norm : 1,
});
