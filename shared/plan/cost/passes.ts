import { branchesIn } from '../task/exits.ts';
import type { GradientBlock } from '../task/gradient-blocks.ts';

/** A segment that a step runs, and how often: forward, gradient to the input, gradient to the weights. */
export interface Passes {
  readonly id: string;
  readonly passes: 1 | 2 | 3;
}

/** What a block runs: its path and its exits. Gradients flow behind the path's first trained segment. */
export function passesOf({ path, exits }: GradientBlock, trained: ReadonlySet<string>): Passes[] {
  const first = path.findIndex(id => trained.has(id));
  const passesAt = (id: string, isReached: boolean): Passes => ({
    id,
    passes: trained.has(id) ? 3 : isReached ? 2 : 1,
  });
  return [
    ...path.map((id, place) => passesAt(id, first >= 0 && place > first)),
    // No gradient crosses what hangs on the last frozen segment.
    ...branchesIn(exits).flatMap(({ after, through }) =>
      through.map(id => passesAt(id, first >= 0 && path.indexOf(after) >= first)),
    ),
  ];
}
