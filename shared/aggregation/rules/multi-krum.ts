import type { AggregationRule, ComparedUpdates } from '../aggregation-rule.ts';
import { type ClipMemory, clipMemory, type NormFacts } from '../clip-memory.ts';
import { squaredDistance } from '../gram.ts';

/**
 * The mean of the n − f − 2 updates with the best scores. A score is the sum of the squared distances to the n − f − 2
 * nearest others (Blanchard et al. 2017, arXiv:1703.02757, sections 4 and 6; so many may be chosen by El Mhamdi et al.
 * 2018, arXiv:1802.07927, appendix). n ≥ 2f + 3 updates are needed.
 */
export const multiKrum: AggregationRule<NormFacts, ClipMemory> = {
  ...clipMemory,
  kind: 'compared',
  needsRoot: false,
  least: 5,
  most: updates => Math.floor((updates - 3) / 2),
  weigh: updates => {
    const { weights } = updates;
    const scores = krumScores(updates);
    const best = scores.map((score, i) => ({ score, i })).toSorted((a, b) => a.score - b.score);
    const chosen = new Set(best.slice(0, neighboursOf(updates)).map(({ i }) => i));
    return weights.map((weight, i) => ({ weight: chosen.has(i) ? weight : 0, scale: 1 }));
  },
};

const neighboursOf = ({ weights, hostile }: ComparedUpdates): number =>
  Math.max(1, weights.length - hostile - 2);

function krumScores(updates: ComparedUpdates): number[] {
  const { gram, weights } = updates;
  return weights.map((_, i) =>
    weights
      .flatMap((_one, j) => (i === j ? [] : [squaredDistance(gram, i, j)]))
      .toSorted((a, b) => a - b)
      .slice(0, neighboursOf(updates))
      .reduce((sum, distance) => sum + distance, 0),
  );
}
