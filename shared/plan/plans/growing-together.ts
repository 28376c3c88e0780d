import type { Role } from '../../protocol/identifiers.ts';
import type { Distil, Exit, TrainedExit } from '../../protocol/lease.ts';
import type { ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpec } from '../../protocol/plan-spec.ts';
import { refused } from '../../protocol/refusals.ts';
import { type LearningPlan, scheduleOf } from '../learning-plan.ts';
import { bodyIds, checkSegments, exitAfter, plainTask, trainedExit, withHeads } from '../task/task-parts.ts';

type Spec = Extract<PlanSpec, { name: 'growing-together' }>;

/**
 * The first segments alone with the head of the last of them, a segment more at a time; all together once the last has
 * joined, the gradient of its loss reaching the first. Near the end they freeze in the same order, so that steps cost
 * less at both ends of the budget. With the sum as answer a segment joins without a change to what the network says,
 * near zero as its own answer begins, and learns what those before it lack (Net2Net, arXiv 1511.05641; BoostResNet,
 * arXiv 1706.04964). Sources: ProgFed (Wang et al., arXiv 2110.05323) and DSN (arXiv 1409.5185) for the growing,
 * FreezeOut (arXiv 1706.04983) for the freezing; learning.md, "Readings".
 */
export const growingTogether: LearningPlan<Spec> = {
  heads: 'linear',
  keepsHeads: ({ answer }) => answer === 'sum',
  check: (outline, spec) => {
    const why = whyNot(spec, bodyIds(outline).length);
    return why === null
      ? checkSegments(outline, 'growing-together')
      : refused('bad-spec', `growing-together ${why}`);
  },
  tasks: (outline, spec, moment) => {
    const ids = bodyIds(outline);
    const grown = grownAt(spec, ids.length, moment.from);
    const frozen = frozenAt(spec, ids.length, moment.from);
    const path = ids.slice(frozen, grown);
    const exits = exitsOf(outline, spec, ids.slice(0, grown), frozen);
    const headed = spec.answer === 'sum' ? path : exits.map(({ after }) => after);
    return [
      plainTask({
        role: roleWith(frozen, ids.length - grown),
        frozen: ids.slice(0, frozen),
        path,
        exits,
        trains: withHeads(outline, path, headed),
        epochs: spec.epochs,
        schedule: scheduleOf(moment, endsOf(outline, spec)),
      }),
    ];
  },
  exit: (outline, spec, progress) => {
    const ids = bodyIds(outline);
    return answerWith(outline, spec, ids.slice(0, grownAt(spec, ids.length, progress)));
  },
};

function whyNot({ growAt, freezeAt, lambda, beta, answer }: Spec, count: number): string | null {
  if (freezeAt < growAt) return `cannot freeze from ${freezeAt} on, it grows until ${growAt}`;
  if (answer === 'last' || count <= 2) return null;
  // The output of a frozen segment before the last frozen one is at hand nowhere.
  if (freezeAt < 1)
    return 'cannot freeze segments whose heads stay (answer=sum) in a network of more than two';
  // The sum before is at hand as an exit, and an exit without a weight on its labels is none.
  return lambda === 0 && beta > 0
    ? 'cannot distil sums (answer=sum, beta) that do not learn from the labels (lambda=0) in a network of more than two'
    : null;
}

/** The first segments without the last are a student, the last ones without the first a teacher. */
const roleWith = (frozen: number, missing: number): Role => {
  if (frozen > 0) return 'teacher';
  return missing > 0 ? 'student' : 'whole';
};

/** Segments that have joined: the first from the beginning, the others evenly until `growAt`. */
const grownAt = ({ growAt }: Spec, count: number, progress: number): number =>
  places(count).filter(place => progress >= (growAt * place) / (count - 1)).length;

/** Segments frozen for good: from `freezeAt` on the first, the others evenly after it, the last never. */
const frozenAt = (spec: Spec, count: number, progress: number): number =>
  places(count).filter(place => place < count - 1 && progress >= endOf(spec, count, place)).length;

/** The progress at which the segment at this place stops learning. */
const endOf = ({ freezeAt }: Spec, count: number, place: number): number =>
  Math.min(1, freezeAt + ((1 - freezeAt) * place) / (count - 1));

const places = (count: number): number[] => Array.from({ length: count }, (_, place) => place);

function endsOf(outline: ModelOutline, spec: Spec): Record<string, number> {
  const ids = bodyIds(outline);
  const ends = ids.map((id, place) =>
    withHeads(outline, [id]).map(of => [of, endOf(spec, ids.length, place)]),
  );
  return spec.freezeAt < 1 ? Object.fromEntries(ends.flat()) : {};
}

/**
 * The newest answer learns from the labels and, where it is better, from the one before it: from all of them the strength
 * would grow with the segments. Those before learn from the labels, while they learn at all.
 */
function exitsOf(outline: ModelOutline, spec: Spec, grown: readonly string[], frozen: number): TrainedExit[] {
  const { lambda, beta, temperature } = spec;
  const before = grown.slice(0, -1);
  const distils: Distil[] =
    beta > 0 && before.length > 0
      ? [{ distilFrom: answerWith(outline, spec, before), weight: beta, temperature, gated: true }]
      : [];
  const learning = grown.slice(frozen, -1).map((_, i) => grown.slice(0, frozen + i + 1));
  const heads = learning.map(upTo => trainedExit(answerWith(outline, spec, upTo), lambda));
  return [...(lambda > 0 ? heads : []), trainedExit(answerWith(outline, spec, grown), 1, distils)];
}

/** The answer of the last of these segments: alone, or added to those before it, whose heads stay. */
function answerWith(outline: ModelOutline, { answer }: Spec, segments: readonly string[]): Exit {
  const [newest, ...before] = segments.map(id => exitAfter(outline, id)).reverse();
  if (!newest) throw new Error('a network of no segments has no answer');
  return answer === 'sum' && before.length > 0 ? { ...newest, plus: before } : newest;
}
