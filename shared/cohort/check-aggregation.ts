import { aggregationRules } from '../aggregation/rules.ts';
import { tasksByRound } from '../plan/plan-tasks.ts';
import { comparesUpdates } from '../protocol/aggregation-spec.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { mostCompared } from './most-compared.ts';

/**
 * Refuses a rule that could never count an update as it promises, and says what to change. A round that has fewer updates
 * than wanted is no reason: it counts by a weaker rule. Asked once, of a plan that `checkPlan` took.
 */
export function checkAggregation(spec: RunSpec, outline: ModelOutline): Result<true> {
  const why =
    whyNoRoot(spec) ??
    whyNoBuckets(spec) ??
    whyManyCohorts(spec) ??
    whyTooFew(spec, outline) ??
    whyTooMany(spec, outline);
  return why === null ? accepted(true) : refused('bad-spec', why);
}

const whyNoRoot = ({ aggregation, root }: RunSpec): string | null =>
  aggregation === 'fltrust' && !root
    ? 'fltrust compares each update with one that a referee trains on the root set, and this run holds nothing back: hold some pictures back (--root), or choose geometric-median or multi-krum'
    : null;

const whyNoBuckets = ({ aggregation, robust }: RunSpec): string | null =>
  aggregation === 'mean' && robust.bucket > 1
    ? 'the mean of means is the mean: leave the bucket out, or choose another rule'
    : null;

const whyManyCohorts = (spec: RunSpec): string | null =>
  comparesUpdates(spec) && spec.policy.cohorts !== 'auto' && spec.policy.cohorts > 1
    ? `${withBuckets(spec)} needs all updates of a role in one place: set policy.cohorts to 1 or auto, or choose clipped-mean without buckets`
    : null;

const withBuckets = ({ aggregation, robust }: RunSpec): string =>
  robust.bucket > 1 ? `${aggregation} with buckets` : aggregation;

/** A round wants fewer updates of a role than the rule compares. */
function whyTooFew(spec: RunSpec, outline: ModelOutline): string | null {
  const { aggregation, robust, policy } = spec;
  const rule = aggregationRules[aggregation];
  const least = (rule.kind === 'one-pass' ? 1 : rule.least) * robust.bucket;
  if (least === 1) return null;
  const other = robust.bucket > 1 ? 'or make smaller buckets' : 'or choose clipped-mean';
  for (const [, tasks] of tasksByRound(spec, outline))
    if (goalOf(spec, tasks.length) < least)
      return `${withBuckets(spec)} compares ${least} updates of a role at least, and a round of ${policy.updatesPerRound} updates for ${tasks.length} role${tasks.length === 1 ? '' : 's'} wants ${goalOf(spec, tasks.length)} of each: let a round take ${least * tasks.length} updates or more, ${other}`;
  return null;
}

/** A round wants more updates of a role than one call can read. */
function whyTooMany(spec: RunSpec, outline: ModelOutline): string | null {
  const { updatesPerRound } = spec.policy;
  if (!comparesUpdates(spec)) return null;
  const most = mostCompared(spec, outline);
  for (const [, tasks] of tasksByRound(spec, outline))
    if (goalOf(spec, tasks.length) > most)
      return `${withBuckets(spec)} compares ${most} updates of a role at most, of a network as large as this one, and a round of ${updatesPerRound} updates for ${tasks.length} role${tasks.length === 1 ? '' : 's'} wants ${goalOf(spec, tasks.length)} of each: let a round take ${most * tasks.length} updates or less, or choose clipped-mean without buckets`;
  return null;
}

const goalOf = ({ policy }: RunSpec, roles: number): number =>
  Math.max(1, Math.floor(policy.updatesPerRound / roles));
