import { evaluateExits } from '../../../client/trainer/lease/evaluate-model.ts';
import { WorkPace } from '../../../client/trainer/lease/work-pace.ts';
import type { Loaded } from '../../../client/trainer/models/segment-models.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { evaluationTask } from '../../../shared/plan/plan-tasks.ts';
import { exitAfter } from '../../../shared/plan/task/exits.ts';
import type { Exit } from '../../../shared/protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { Outcome } from './outcome.ts';

/** Pictures of one forward pass. */
const AT_ONCE = 128;

/**
 * The accuracy of the plan's own answer after the last round, and of each exit that was ever trained, all in one pass.
 * @param trained the segments that were
 */
export async function measureAccuracy(
  spec: RunSpec,
  outline: ModelOutline,
  loaded: Loaded,
  held: Examples,
  trained: ReadonlySet<string>,
): Promise<Pick<Outcome, 'accuracy' | 'exits'>> {
  const named = namedExits(outline, trained);
  const { exits } = evaluationTask(spec, outline, spec.rounds);
  const judged = [...exits.slice(0, 1), ...named.map(({ exit }) => exit)];
  const task = { path: pathTo(outline, judged), exits: judged };
  const pace = new WorkPace(held.labels.length);
  const [answer, ...others] = await evaluateExits(loaded, task, held, AT_ONCE, pace);
  if (!answer) throw new Error('a plan without an answer cannot be judged');
  const share = ({ correct, examples }: typeof answer): number => correct / examples;
  return {
    accuracy: share(answer),
    exits: Object.fromEntries(others.map((one, i) => [named[i]?.name ?? '', share(one)])),
  };
}

interface NamedExit {
  readonly name: string;
  readonly exit: Exit;
}

/** `student`, `exit-2`, …, `last`: those that were trained. If there are several, also `sum` and `ensemble` of them. */
export function namedExits(outline: ModelOutline, trained: ReadonlySet<string>): NamedExit[] {
  const body = bodyIds(outline);
  const single = body.flatMap((id, place) => {
    const exit = exitAfter(outline, id);
    if (!trained.has(exit.through.at(-1) ?? id)) return [];
    return { name: place === body.length - 1 ? 'last' : place === 0 ? 'student' : `exit-${place + 1}`, exit };
  });
  // The last comes first, as in a plan's own answer, so that the same sum is added up in the same order.
  const [last, ...before] = single.map(({ exit }) => exit).reverse();
  if (!last || before.length === 0) return single;
  const joint = { ...last, plus: before };
  return [
    ...single,
    { name: 'sum', exit: joint },
    { name: 'ensemble', exit: { ...joint, joined: 'ensemble' } },
  ];
}

/** The body segments from the pixels to the last one behind which some exit begins. */
function pathTo(outline: ModelOutline, exits: readonly Exit[]): string[] {
  const body = bodyIds(outline);
  const places = exits.flatMap(({ after, plus = [] }) => [after, ...plus.map(branch => branch.after)]);
  return body.slice(0, Math.max(...places.map(after => body.indexOf(after))) + 1);
}
