import type { AggregationName } from '../protocol/aggregation-spec.ts';
import type { AnyRule, MeasuredUpdate } from './aggregation-rule.ts';
import { type Buckets, drawBuckets } from './bucketing.ts';
import { normFactsSchema } from './clip-memory.ts';
import { rootPlace } from './root-update.ts';
import { type AggregationSettings, aggregationRules, ruleOf } from './rules.ts';

/**
 * The weaker rule of a round that has too few updates for a rule. All that have one remember the same, so the weaker one
 * finds its memory.
 */
const weaker: Readonly<Record<AggregationName, AggregationName | null>> = {
  mean: null,
  'clipped-mean': null,
  'trimmed-mean': 'clipped-mean',
  median: 'clipped-mean',
  'geometric-median': 'clipped-mean',
  'multi-krum': 'geometric-median',
  fltrust: 'geometric-median',
};

/**
 * A rule compares no more updates than this: to compare takes n²/2 products of all values. Of more, some are drawn together
 * and averaged first. Then it withstands fewer hostile ones.
 */
const MOST_COMPARED = 128;

/** The rule by which one round counts, and what it goes by. */
export interface RoundRule {
  readonly rule: AnyRule;
  /** The weaker rule's name, if it is not the run's own. */
  readonly fallback: AggregationName | null;
  /** Which updates are averaged before the rule sees them. Null if it takes them one by one, as they are. */
  readonly buckets: Buckets | null;
  /** So many updates may be hostile. */
  readonly hostile: number;
}

/** The rule for a role's updates of a round: the run's own, or a weaker one if they are too few for it. */
export function roundRule(settings: AggregationSettings, updates: readonly MeasuredUpdate[]): RoundRule {
  const { aggregation, robust } = settings;
  const root = rootPlace(updates);
  const others = updates.length - (root === null ? 0 : 1);
  const name = servingName(settings, Math.ceil(others / robust.bucket), root !== null);
  const isOwn = name === aggregation;
  const rule = isOwn ? ruleOf(settings) : aggregationRules[name];
  const fallback = isOwn ? null : name;
  if (rule.kind === 'one-pass' && (robust.bucket === 1 || !isOwn))
    return { rule, fallback, buckets: null, hostile: 0 };
  const size = rule.kind === 'by-coordinate' ? 1 : Math.ceil(others / MOST_COMPARED);
  const draws = updates.map(({ facts }) => normFactsSchema.parse(facts).sha256);
  const buckets = drawBuckets(draws, Math.max(robust.bucket, size), root);
  const most = rule.kind === 'one-pass' ? others : rule.most(buckets.members.length);
  const hostile = Math.min(most, Math.max(1, Math.floor(robust.hostile * others)));
  return { rule, fallback, buckets, hostile };
}

function servingName(settings: AggregationSettings, groups: number, hasRoot: boolean): AggregationName {
  let name = settings.aggregation;
  for (;;) {
    const next = weaker[name];
    if (next === null || serves(aggregationRules[name], groups, hasRoot)) return name;
    name = next;
  }
}

const serves = (rule: AnyRule, groups: number, hasRoot: boolean): boolean =>
  rule.kind === 'one-pass' ||
  (groups >= rule.least && (rule.kind !== 'compared' || !rule.needsRoot || hasRoot));
