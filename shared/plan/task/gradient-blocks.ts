import type { Task, TrainedExit } from '../../protocol/lease.ts';

/** Body segments through which one gradient flows, and the exits behind them. */
export interface GradientBlock {
  readonly path: readonly string[];
  readonly exits: readonly TrainedExit[];
}

/**
 * A task's path in the blocks that are trained one after another: all of it, or segment by segment if no gradient
 * crosses between them. Each block is done before the next begins, so only one is in memory.
 */
export function gradientBlocks({ path, isolated, exits }: Task): GradientBlock[] {
  if (!isolated) return [{ path, exits }];
  return path.map(id => ({ path: [id], exits: exits.filter(({ after }) => after === id) }));
}
