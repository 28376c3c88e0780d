import type { Branch, Distil, TrainedExit } from '../../protocol/lease.ts';
import { trainedExit } from './exits.ts';

/** How the exits of one task learn from the labels and from each other (shared/plan/README.md, "Notation"). */
export interface MutualLearning {
  /** Weight of the cross-entropy of every exit but the last. */
  readonly lambda: number;
  /** Weight of the later exits in an earlier one's loss, and of the earlier ones in a later one's. */
  readonly alpha: number;
  readonly beta: number;
  readonly temperature: number;
  readonly gate: 'better' | 'always';
}

/**
 * The exits of one task, each learning from all others. A weight is shared evenly among the exits that it is for, so that
 * it does not grow with their number (DepthFL, Kim et al., ICLR 2023, equation 4). An exit that learns nothing is left
 * out; it may still teach.
 * @param branches in the order of the network; the last is the task's own
 */
export function mutualExits(branches: readonly Branch[], learning: MutualLearning): TrainedExit[] {
  const { lambda, alpha, beta } = learning;
  const last = branches.length - 1;
  return branches.flatMap((branch, place) => {
    if (place < last && lambda + alpha === 0) return [];
    const distils = [
      ...fromEach(branches.slice(place + 1), alpha, learning),
      ...fromEach(branches.slice(0, place), beta, learning),
    ];
    return [trainedExit(branch, place < last ? lambda : 1, distils)];
  });
}

const fromEach = (
  branches: readonly Branch[],
  weight: number,
  { temperature, gate }: MutualLearning,
): Distil[] =>
  weight === 0
    ? []
    : branches.map(distilFrom => ({
        distilFrom,
        weight: weight / branches.length,
        temperature,
        gated: gate === 'better',
      }));
