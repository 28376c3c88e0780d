import * as z from 'zod';
import type { AggregationRule, MeasuredUpdate, Weighing } from '../aggregation-rule.ts';

const nothing = z.object({});
type Nothing = z.infer<typeof nothing>;

/** Σ n_i Δ_i / Σ n_i: federated averaging (McMahan et al. 2017, arXiv:1602.05629, algorithm 1). */
export const mean: AggregationRule<Nothing, Nothing> = {
  factsSchema: nothing,
  memorySchema: nothing,
  firstMemory: {},
  memoryRounds: 0,
  kind: 'one-pass',
  measure: () => ({}),
  weigh: updates => updates.map(whole),
  weighAlone: () => whole,
  remember: () => ({}),
};

const whole = ({ weight }: MeasuredUpdate): Weighing => ({ weight, scale: 1 });
