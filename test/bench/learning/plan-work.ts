import type { Examples } from '../../../shared/datasets/examples.ts';
import { networkFor } from '../../../shared/plan/plan-tasks.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import { buildFor } from './bench-model.ts';
import { expectedMacs } from './bench-spec.ts';
import { fieldsOf, keyOf, type LearningRun } from './learning-run.ts';

export interface PlannedRun {
  readonly run: LearningRun;
  /** What it will cost, for the time that is left. */
  readonly macs: number;
}

type Pictures = Pick<Examples, 'shape' | 'classes'>;

/**
 * What runs cost. For that, every model is built once, cut and with heads as its plan wants it, and every plan is asked
 * whether it serves the model. What cannot be trained is reported before hours of training, not after them.
 */
export class WorkPlanner {
  private readonly outlines = new Map<string, ModelOutline>();
  private readonly costs = new Map<string, number>();

  /** @throws with the reason if the run cannot be done */
  async plan(run: LearningRun, pictures: Pictures): Promise<PlannedRun> {
    try {
      const outline = this.outlines.get(modelKey(run)) ?? (await buildFor(run, pictures, 1)).outline;
      this.outlines.set(modelKey(run), outline);
      const macs = this.costs.get(costKey(run)) ?? expectedMacs(run, outline, pictures);
      this.costs.set(costKey(run), macs);
      return { run, macs };
    } catch (error) {
      const reason = errorText(error);
      const arm = run.arm === null ? '' : `${run.arm}, `;
      throw new Error(`${arm}${run.model} by ${run.plan.name}: ${reason}`);
    }
  }
}

const modelKey = ({ dataset, model, segments, cuts, heads, plan }: LearningRun): string =>
  JSON.stringify([dataset, model, segments, cuts, heads, networkFor(plan)]);

/** What a run costs depends on neither. */
const costKey = (run: LearningRun): string =>
  keyOf({ ...fieldsOf(run), seed: 0, learningRate: 0, split: '' });
