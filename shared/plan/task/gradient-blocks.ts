import { type Branch, branchesOf, type Exit, type Task, type TrainedExit } from '../../protocol/lease.ts';

/** Body segments through which one gradient flows, and the exits behind them. */
export interface GradientBlock {
  readonly path: readonly string[];
  readonly exits: readonly TrainedExit[];
}

/**
 * A task's path in the pieces that are trained one after another: all of it, or segment by segment where no gradient
 * crosses between them. Each piece is done before the next begins, so only one is in memory.
 */
export function gradientBlocks({ path, isolated, exits }: Task): GradientBlock[] {
  if (!isolated) return [{ path, exits }];
  return path.map(id => ({ path: [id], exits: exits.filter(({ after }) => after === id) }));
}

/** Whether two are sums of the same logits: an answer alone is not the same as with others added to it. */
export const isSameExit = (a: Exit, b: Exit): boolean => nameOf(a) === nameOf(b);

const nameOf = (answer: Exit): string =>
  branchesOf(answer)
    .map(({ after, through }) => [after, ...through].join())
    .join('+');

const eachOnce = <Of extends Exit>(answers: readonly Of[]): Of[] =>
  answers.filter((answer, i) => answers.findIndex(other => isSameExit(other, answer)) === i);

/** The answers that exits are made of, each once. */
export const branchesIn = (exits: readonly TrainedExit[]): Branch[] => eachOnce(exits.flatMap(branchesOf));

/** Rivals that are nobody's exit and are asked beside the path, each once. */
export function distilSources({ exits }: Pick<Task, 'exits'>): Exit[] {
  const sources = exits.flatMap(({ distils }) => distils.map(({ distilFrom }) => distilFrom));
  return eachOnce(sources).filter(source => !exits.some(exit => isSameExit(exit, source)));
}
