import type { AggregationRule } from '../aggregation-rule.ts';
import { type ClipMemory, clipMemory, type NormFacts } from '../clip-memory.ts';
import { maxDelta } from '../exact-sum.ts';
import { normOf, productOf } from '../gram.ts';

/** No value that is scaled to this norm leaves the range of the exact sum. */
const LONGEST = maxDelta / 2;

/**
 * Δ0 weighs a tenth of a mean update. With four hostile of ten and two updates a role, the scoreboard's sign flips, noise and
 * small deviations cost 9 to 12 points if it weighs nothing, and 1 to 2 if it weighs so much. With more weight they cost
 * less, but clean runs learn the root set by heart: they end up to two points lower with a whole update's weight.
 */
const ROOT_SHARE = 0.1;

/**
 * Each update weighs by ReLU(cos(Δi, Δ0)) and is scaled to ‖Δ0‖, with Δ0 the update of a referee on pictures that it
 * trusts (FLTrust: Cao et al. 2021, arXiv:2012.13995, equations 2 to 4). So the aggregate is never longer than Δ0, and never
 * points away from it, whatever the others send. Other than in the paper, Δ0 counts a little itself: a role may have two
 * updates only, and if both are hostile or noise, whose cosine is a few hundredths, the round learns all the same.
 */
export const flTrust: AggregationRule<NormFacts, ClipMemory> = {
  ...clipMemory,
  kind: 'compared',
  needsRoot: true,
  least: 1,
  most: updates => updates,
  weigh: ({ gram, weights, root }) => {
    if (root === null) throw new Error('fltrust compares with the update of a referee, and there is none');
    const longest = normOf(gram, root);
    const trusted = Math.min(longest, LONGEST);
    const others = weights.filter((_, i) => i !== root);
    const usual = others.reduce((sum, weight) => sum + weight, 0) / Math.max(1, others.length);
    return weights.map((weight, i) => {
      const norm = normOf(gram, i);
      if (i === root) return { weight: ROOT_SHARE * usual, scale: norm > 0 ? trusted / norm : 1 };
      const product = norm * longest;
      const cosine = product > 0 ? productOf(gram, i, root) / product : 0;
      const trust = Math.min(1, Math.max(0, cosine));
      return { weight: weight * trust, scale: norm > 0 ? trusted / norm : 1 };
    });
  },
};
