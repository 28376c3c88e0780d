import { cutOf, type PlanFlags } from '../commands/plan-flags.ts';
import { type DemoOptions, runDemo } from '../demo/run-demo.ts';
import { requirePlan } from '../plan/require-plan.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { many } from '../terminal/many.ts';
import { UsageError } from '../terminal/usage-error.ts';

export type DemoFlags = Omit<DemoOptions, 'plan' | 'cut'> & PlanFlags;

/**
 * Runs the demo and ends the process with its exit status.
 * @param isPlanNamed whether the plan was chosen. If it was not, weak devices bring the plan that is made for them
 */
export async function demo(flags: DemoFlags, isPlanNamed: boolean): Promise<void> {
  if (flags.weak > flags.volunteers)
    throw new UsageError(
      `--weak ${flags.weak}: there ${flags.volunteers === 1 ? 'is' : 'are'} ${many(flags.volunteers, 'volunteer')} (--volunteers)`,
    );
  const plan = flags.weak > 0 && !isPlanNamed ? 'depth-federated' : flags.plan;
  const options = { ...flags, plan: requirePlan({ ...flags, plan }), cut: cutOf(flags) };
  process.exitCode = await runDemo(options, interruptSignal());
}
