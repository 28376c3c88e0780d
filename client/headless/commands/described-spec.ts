import { type Dataset, datasetClasses } from '../../../shared/protocol/dataset.ts';
import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import { defaultSpec } from '../../host/default-spec.ts';
import { UsageError } from '../terminal/usage-error.ts';
import type { PlanFlags } from './plan-flags.ts';
import type { RunFlags } from './run-flags.ts';

/** Flags, with the network that was chosen if they name none. */
type ChosenFlags = Omit<RunFlags, keyof PlanFlags> & { readonly model: string };

/** The specification of a run, as flags describe it. What they leave out is as it suits data and network. */
export function describedSpec(flags: ChosenFlags, dataset: Dataset, plan: PlanSpec) {
  const { name = 'a run', target, volunteers, roundPolicy, keepRounds, maxDrop, check } = flags;
  const { aggregation, bucket, root } = flags;
  requireTarget(target, datasetClasses(dataset));
  const standard = defaultSpec({
    ...flags,
    ...{ name, dataset, plan: plan.name },
    ...(target === undefined ? {} : { targetAccuracy: target }),
  });
  return {
    ...standard,
    plan,
    policy: { updatesPerRound: volunteers, rounds: roundPolicy, keepRounds, maxDrop, check },
    ...(aggregation && { aggregation }),
    robust: { bucket },
    ...(root ? { root: { parts: root } } : {}),
  };
}

/** Guessing reaches a target that is no more than one class in all classes. Then it says nothing. */
function requireTarget(target: number | undefined, classes: number): void {
  if (target === undefined || target > 1 / classes) return;
  throw new UsageError(
    `--target ${target}: guessing alone reaches that with ${classes} classes. Give more than ${1 / classes}`,
  );
}
