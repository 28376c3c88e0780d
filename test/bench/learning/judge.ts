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

/** Pictures a forward pass takes. */
const AT_ONCE = 128;

/** The accuracy of the answer after the last round, and that of each answer that was trained in it. */
export async function judge(
  spec: RunSpec,
  outline: ModelOutline,
  loaded: Loaded,
  held: Examples,
): Promise<Pick<Outcome, 'accuracy' | 'accuracyByExit'>> {
  const answer = evaluationTask(spec, outline, spec.rounds);
  const accuracy = await accuracyOf(answer, loaded, held);
  const exits = planTasks(spec, outline, spec.rounds).flatMap(task => task.exits);
  const accuracyByExit: Record<string, number> = {};
  for (const exit of exits) {
    const path = pathTo(outline, exit);
    const isAnswer = answer.exits.some(judged => isSameExit(judged, exit));
    accuracyByExit[exit.through.at(-1) ?? exit.after] = isAnswer
      ? accuracy
      : await accuracyOf({ path, exits: [exit] }, loaded, held);
  }
  return { accuracy, accuracyByExit };
}

/** From pixels to where this answer begins. */
function pathTo(outline: ModelOutline, { after }: Branch): string[] {
  const body = bodySegments(outline).map(({ id }) => id);
  return body.slice(0, body.indexOf(after) + 1);
}

async function accuracyOf(answering: EvaluatedTask, loaded: Loaded, held: Examples): Promise<number> {
  const pace = new WorkPace(held.labels.length);
  const { correct, examples } = await evaluateModel(loaded, answering, held, AT_ONCE, pace);
  return correct / examples;
}
