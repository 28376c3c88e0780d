import { type Answer, branchesOf, type Exit, type SummedAnswer, type Task } from '../../protocol/lease.ts';

/** Body segments through which one gradient flows, and the exits behind them. */
export interface Stage {
  readonly path: readonly string[];
  readonly exits: readonly Exit[];
}

/**
 * A task's path in the pieces that are trained one after another: all of it, or segment by segment where no gradient
 * crosses between them. Each piece is done before the next begins, so only one is in memory.
 */
export function stagesOf({ path, isolated, exits }: Task): Stage[] {
  if (!isolated) return [{ path, exits }];
  return path.map(id => ({ path: [id], exits: exits.filter(({ after }) => after === id) }));
}

/** Whether two are sums of the same logits: an answer alone is not the same as with others added to it. */
export const isSameAnswer = (a: SummedAnswer, b: SummedAnswer): boolean => nameOf(a) === nameOf(b);

const nameOf = (answer: SummedAnswer): string =>
  branchesOf(answer)
    .map(({ after, through }) => [after, ...through].join())
    .join('+');

const eachOnce = <Of extends SummedAnswer>(answers: readonly Of[]): Of[] =>
  answers.filter((answer, i) => answers.findIndex(other => isSameAnswer(other, answer)) === i);

/** The answers that exits are made of, each once. */
export const answersIn = (exits: readonly Exit[]): Answer[] => eachOnce(exits.flatMap(branchesOf));

/** Rivals that are nobody's exit and are asked beside the path, each once. */
export function rivalsOf({ exits }: Pick<Task, 'exits'>): SummedAnswer[] {
  const rivals = exits.flatMap(({ distils }) => distils.map(({ rival }) => rival));
  return eachOnce(rivals).filter(rival => !exits.some(exit => isSameAnswer(exit, rival)));
}
