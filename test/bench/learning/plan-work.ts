import type { Examples } from '../../../shared/datasets/examples.ts';
import { networkFor } from '../../../shared/plan/plan-tasks.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import { buildFor } from './bench-model.ts';
import { expectedMacs } from './bench-spec.ts';
import { fieldsOf, keyOf, type LearningRun } from './learning-run.ts';

export interface PlannedRun {
  readonly run: LearningRun;
  /** What it will cost, for the time that is left. */
  readonly macs: number;
}

/**
 * What each run costs. For that, every model is built once, cut and with heads as its plan wants it, and every plan
 * is asked whether it serves the model. What cannot be trained is reported before hours of training, not after them.
 * @throws with the reason
 */
export async function planWork(
  runs: readonly LearningRun[],
  train: Pick<Examples, 'shape' | 'classes'>,
): Promise<PlannedRun[]> {
  const outlines = new Map<string, ModelOutline>();
  const costs = new Map<string, number>();
  const planned: PlannedRun[] = [];
  for (const run of runs) {
    try {
      const outline = outlines.get(modelKey(run)) ?? (await buildFor(run, train, 1)).outline;
      outlines.set(modelKey(run), outline);
      const macs = costs.get(costKey(run)) ?? expectedMacs(run, outline, train);
      costs.set(costKey(run), macs);
      planned.push({ run, macs });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${run.arm === null ? '' : `${run.arm}, `}${run.model} by ${run.plan.name}: ${reason}`);
    }
  }
  return planned;
}

const modelKey = ({ model, segments, cuts, heads, plan }: LearningRun): string =>
  JSON.stringify([model, segments, cuts, heads ?? networkFor(plan).heads]);

/** What a run costs depends on neither. */
const costKey = (run: LearningRun): string =>
  keyOf({ ...fieldsOf(run), seed: 0, learningRate: 0, split: '' });
