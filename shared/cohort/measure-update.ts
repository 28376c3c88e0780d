import type { AnyRule, MeasuredUpdate } from '../aggregation/aggregation-rule.ts';
import { roundPolicyOf } from '../federation/round/round-policy.ts';
import type { LeaseClaims } from '../protocol/lease.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import type { CheckedFacts } from './check-update.ts';

/** What the rule needs to know of an update, and its weight: its examples, or the share of them that it counts for. */
export function measureUpdate(
  spec: RunSpec,
  rule: AnyRule,
  { examples, round, share = 1, root }: LeaseClaims,
  countsIn: number,
  { norm, sha256 }: CheckedFacts,
): MeasuredUpdate {
  const facts = rule.measure({ norm, sha256, ...(root && { isRoot: true }) });
  if (root) return { weight: 0, facts };
  return { weight: roundPolicyOf(spec).weight(examples * share, countsIn - round), facts };
}
