import type { Schedule } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import { withHeads } from './plain-task.ts';

/** A round's place in the run. */
export interface Moment {
  /** From 1. */
  readonly round: number;
  /** Shares of the budget that are done as the round begins, and as it ends. */
  readonly from: number;
  readonly to: number;
  /** Learning rate at the run's beginning. */
  readonly rate: number;
  /** Of the run: what a plan draws is the same wherever it is planned. Null: nothing is drawn. */
  readonly seed: number | null;
}

/** The rates of a round. `ends` names the segments whose cosine ends before the run does. */
export const scheduleOf = (
  { rate, from, to }: Pick<Moment, 'rate' | 'from' | 'to'>,
  ends: Readonly<Record<string, number>> = {},
): Schedule => ({ rate, from, to, ends: { ...ends } });

/**
 * The rates of a round in which all segments but the last, and their heads, have a rate of their own: a shallow network
 * learns best at a higher rate than a deep one.
 * @param factor of the others' rate
 */
export function scheduleOfEarly(outline: ModelOutline, moment: Moment, factor: number): Schedule {
  const early = bodyIds(outline).slice(0, -1);
  const factors = Object.fromEntries(withHeads(outline, early).map(id => [id, factor]));
  return factor === 1 ? scheduleOf(moment) : { ...scheduleOf(moment), factors };
}

/**
 * The learning rate of a segment at a moment of a lease: a cosine from the run's rate to zero over the budget, or over
 * the first share of it if the segment's own cosine ends before. Source: Loshchilov, Hutter, SGDR, arXiv 1608.03983,
 * without restarts; ended segment by segment as in FreezeOut, Brock et al., arXiv 1706.04983.
 * @param share of the lease's steps that are done, in [0, 1]
 */
export function rateAt({ rate, from, to, ends, factors }: Schedule, segment: string, share: number): number {
  const progress = from + (to - from) * share;
  const end = ends[segment] ?? 1;
  const first = rate * (factors?.[segment] ?? 1);
  return progress >= end ? 0 : (first * (1 + Math.cos((Math.PI * progress) / end))) / 2;
}
