import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import { readPlan } from '../../host/plan-settings.ts';
import type { PlanFlags } from '../commands/plan-flags.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** @throws UsageError if the plan has no such setting, or does not take that value */
export function requirePlan({ plan, set }: Pick<PlanFlags, 'plan' | 'set'>): PlanSpec {
  const reading = readPlan(plan, set);
  if (reading.ok) return reading.plan;
  const [name, reason] = Object.entries(reading.errors)[0] ?? [];
  throw new UsageError(`--set ${name}=${set[name ?? '']}: ${reason}`);
}
