import * as z from 'zod';
import { median } from '../../math/median.ts';
import type { AggregationRule, MeasuredUpdate, Weighing } from '../aggregation-rule.ts';

const factsSchema = z.object({ norm: z.number().nonnegative() });
type Facts = z.infer<typeof factsSchema>;

/** Norms of the updates of the last rounds, the oldest round first. */
const memorySchema = z.object({ norms: z.array(z.array(z.number().nonnegative())) });
type Memory = z.infer<typeof memorySchema>;

const REMEMBERED_ROUNDS = 3;

/**
 * `clipped-mean` as runs of older releases go on with it: c is the median norm of the last three rounds, or of this round
 * if none is remembered. Two hostile updates of four set it, since the median of an even number is a mean of two.
 */
export const clippedByThreeRounds: AggregationRule<Facts, Memory> = {
  factsSchema,
  memorySchema,
  firstMemory: { norms: [] },
  memoryRounds: REMEMBERED_ROUNDS,
  kind: 'one-pass',
  measure: ({ norm }) => ({ norm }),
  weigh: (updates, memory) => {
    const clip = clipBefore(memory) ?? median(updates.map(({ facts }) => facts.norm));
    return updates.map(update => clipped(update, clip));
  },
  weighAlone: memory => {
    const clip = clipBefore(memory);
    return clip === null ? null : update => clipped(update, clip);
  },
  remember: ({ norms }, updates) => ({
    norms: [...norms, updates.map(({ facts }) => facts.norm)].slice(-REMEMBERED_ROUNDS),
  }),
};

/** Null before a round is remembered. */
const clipBefore = ({ norms }: Memory): number | null => median(norms.flat());

const clipped = ({ weight, facts: { norm } }: MeasuredUpdate<Facts>, clip: number | null): Weighing => ({
  weight,
  scale: clip !== null && norm > clip ? clip / norm : 1,
});
