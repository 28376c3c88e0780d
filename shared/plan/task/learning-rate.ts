import type { Schedule } from '../../protocol/lease.ts';

/**
 * The learning rate of a segment at a moment of a lease: a cosine from the run's rate to zero over the budget, or over
 * the first part of it where the segment's own ends before. Source: Loshchilov, Hutter, SGDR, arXiv 1608.03983, without
 * restarts; ended segment by segment as in FreezeOut, Brock et al., arXiv 1706.04983.
 * @param share of the lease's steps that are done, in [0, 1]
 */
export function rateAt({ rate, from, to, ends }: Schedule, segment: string, share: number): number {
  const progress = from + (to - from) * share;
  const end = ends[segment] ?? 1;
  return progress >= end ? 0 : (rate * (1 + Math.cos((Math.PI * progress) / end))) / 2;
}
