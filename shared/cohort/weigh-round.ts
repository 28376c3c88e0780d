import type { AnyRule, Weighing } from '../aggregation/aggregation-rule.ts';
import type { Buckets } from '../aggregation/bucketing.ts';
import { maxUpdateWeight } from '../aggregation/exact-sum.ts';
import { type Gram, normOf, scaledGram } from '../aggregation/gram.ts';
import type { RoundRule } from '../aggregation/round-rule.ts';
import type { RoleRound } from '../protocol/cohort-report.ts';

/**
 * Weighs buckets of compared updates, and each update as its bucket is weighed.
 * @param gram of the buckets
 */
export function weighCompared(
  { rule, hostile }: RoundRule,
  buckets: Buckets,
  { updates, memory }: Pick<RoleRound, 'updates' | 'memory'>,
  gram: Gram,
): Weighing[] {
  const weights = bucketWeights(buckets, updates);
  const cuts = cutsOf(rule, memory, gram);
  const measured = weights.map((weight, i) => ({ weight, facts: { norm: normOf(gram, i) } }));
  const weighings =
    rule.kind === 'compared'
      ? cutBy(cuts, rule.weigh({ gram: scaledGram(gram, cuts), weights, hostile, root: buckets.root }))
      : rule.kind === 'one-pass'
        ? rule.weigh(measured, memory)
        : [];
  const own = updates.map(({ weight }, place): Weighing => {
    const bucket = buckets.bucketOf[place] ?? 0;
    const weighing = weighings[bucket];
    const all = weights[bucket] ?? 0;
    if (!weighing) throw new Error(`the rule did not weigh bucket ${bucket}`);
    const isShared = (buckets.members[bucket]?.length ?? 0) > 1;
    // A mean may be short though its members are long: scaled up, they could leave the range of the exact sum.
    const scale = isShared ? Math.min(1, weighing.scale) : weighing.scale;
    // A referee's own update weighs nothing before.
    if (bucket === buckets.root) return { weight: weighing.weight, scale };
    return { weight: all > 0 ? weighing.weight * (weight / all) : 0, scale };
  });
  return fitted(own);
}

/**
 * By how much each bucket is cut to the clip before a rule compares them. So even those who are most of a role in one
 * round move it by no more than the clip. A rule that knows a trusted update goes by that one's length.
 */
function cutsOf(rule: AnyRule, memory: unknown, gram: Gram): number[] {
  const clip = (rule.kind === 'compared' && !rule.needsRoot && rule.scale?.of(memory)) || null;
  return Array.from({ length: gram.size }, (_, i) => {
    const norm = normOf(gram, i);
    return clip !== null && norm > clip ? clip / norm : 1;
  });
}

const cutBy = (cuts: readonly number[], weighings: readonly Weighing[]): Weighing[] =>
  weighings.map(({ weight, scale }, i) => ({ weight, scale: scale * (cuts[i] ?? 1) }));

export const bucketWeights = (
  { members }: Buckets,
  updates: readonly { readonly weight: number }[],
): number[] => members.map(places => places.reduce((sum, place) => sum + (updates[place]?.weight ?? 0), 0));

/** The same ratios, with weights for which the exact sum has room. */
function fitted(weighings: readonly Weighing[]): Weighing[] {
  const largest = weighings.reduce((most, { weight }) => Math.max(most, weight), 0);
  const factor = largest > maxUpdateWeight ? maxUpdateWeight / largest : 1;
  return weighings.map(({ weight, scale }) => ({ weight: weight * factor, scale }));
}
