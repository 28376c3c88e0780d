import { cutOf, type PlanFlags } from '../commands/plan-flags.ts';
import { type DemoOptions, runDemo } from '../demo/run-demo.ts';
import { requirePlan } from '../plan/require-plan.ts';
import { interruptSignal } from '../terminal/interrupt.ts';

export type DemoFlags = Omit<DemoOptions, 'plan' | 'cut'> & PlanFlags;

/** Runs the demo and ends the process with its exit status. */
export async function demo(flags: DemoFlags): Promise<void> {
  const options = { ...flags, plan: requirePlan(flags), cut: cutOf(flags) };
  process.exitCode = await runDemo(options, interruptSignal());
}
