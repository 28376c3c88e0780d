import { joinParts, loadParts } from '../examples/examples.ts';
import type { Loaded } from '../models/segment-models.ts';
import type { LossJob } from '../trainer-api.ts';
import { evaluateExits, evaluationBatch } from './evaluate-model.ts';
import { WorkPace } from './work-pace.ts';

/** The mean loss at each exit of the task. What is no number counts as the evaluator counts it. */
export async function measureLosses(job: LossJob, loaded: Loaded): Promise<number[]> {
  const examples = joinParts(loadParts(job.examples));
  const pace = new WorkPace(examples.labels.length);
  const measured = await evaluateExits(loaded, job.task, examples, evaluationBatch(job), pace);
  return measured.map(({ examples: count, lossSum }) => lossSum / count);
}
