import { evaluateModel } from '../../../client/trainer/lease/evaluate-model.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import type { EvaluatedTask, Loaded } from '../../../client/trainer/models/segment-models.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { evaluationTask, planTasks } from '../../../shared/plan/plan-tasks.ts';
import { isSameExit } from '../../../shared/plan/task/exits.ts';
import type { Branch } from '../../../shared/protocol/lease.ts';
import { bodySegments, type ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { Outcome } from './outcome.ts';

/** Pictures of one forward pass. */
const AT_ONCE = 128;

/** The accuracy of the exit that counts after the last round, and of each exit that was trained in that round. */
export async function measureAccuracy(
  spec: RunSpec,
  outline: ModelOutline,
  loaded: Loaded,
  held: Examples,
): Promise<Pick<Outcome, 'accuracy' | 'accuracyByExit'>> {
  const final = evaluationTask(spec, outline, spec.rounds);
  const accuracy = await accuracyOf(final, loaded, held);
  const exits = planTasks(spec, outline, spec.rounds).flatMap(task => task.exits);
  const accuracyByExit: Record<string, number> = {};
  for (const exit of exits) {
    const path = pathTo(outline, exit);
    const isFinal = final.exits.some(evaluated => isSameExit(evaluated, exit));
    accuracyByExit[exit.through.at(-1) ?? exit.after] = isFinal
      ? accuracy
      : await accuracyOf({ path, exits: [exit] }, loaded, held);
  }
  return { accuracy, accuracyByExit };
}

/** The body segments from the pixels to where this exit begins. */
function pathTo(outline: ModelOutline, { after }: Branch): string[] {
  const body = bodySegments(outline).map(({ id }) => id);
  return body.slice(0, body.indexOf(after) + 1);
}

async function accuracyOf(task: EvaluatedTask, loaded: Loaded, held: Examples): Promise<number> {
  const pace = new WorkPace(held.labels.length);
  const { correct, examples } = await evaluateModel(loaded, task, held, AT_ONCE, pace);
  return correct / examples;
}
