import type { Role } from '../../protocol/identifiers.ts';
import type { Distil, Exit, TrainedExit } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import type { PlanSpecs } from '../../protocol/plan-spec.ts';
import { refused } from '../../protocol/refusals.ts';
import type { PlanNamed } from '../learning-plan.ts';
import { keptHeads } from '../task/answer-exit.ts';
import { checkSegments } from '../task/check-segments.ts';
import { exitAfter, trainedExit } from '../task/exits.ts';
import { plainTask, withHeads } from '../task/plain-task.ts';
import { scheduleOf } from '../task/schedule.ts';

type Settings = PlanSpecs['growing-together'];

/**
 * ProgFed, Wang et al., arXiv 2110.05323, and DSN, Lee et al., arXiv 1409.5185, for the growing; FreezeOut, Brock et
 * al., arXiv 1706.04983, for the freezing (shared/plan/README.md, "Readings").
 *
 * The first segments learn alone with the head of the last of them, a segment more at a time. Once the last has joined
 * all learn together, and the gradient of its loss reaches the first. Near the end they freeze in the same order, so
 * that steps cost less at both ends of the budget. With `answer: 'sum'` a segment joins without a change to what the
 * network says, since its own logits begin near zero, and learns what those before it lack (Net2Net, arXiv 1511.05641;
 * BoostResNet, arXiv 1706.04964).
 */
export const growingTogether: PlanNamed<'growing-together'> = settings => ({
  heads: 'linear',
  keepsHeads: keptHeads(settings.answer),
  check: outline => {
    const why = whyNot(settings, bodyIds(outline).length);
    return why === null
      ? checkSegments(outline, 'growing-together')
      : refused('bad-spec', `growing-together ${why}`);
  },
  tasks: (outline, moment) => {
    const ids = bodyIds(outline);
    const grown = grownAt(settings, ids.length, moment.from);
    const frozen = frozenAt(settings, ids.length, moment.from);
    const path = ids.slice(frozen, grown);
    const exits = exitsOf(outline, settings, ids.slice(0, grown), frozen);
    const headed = settings.answer === 'sum' ? path : exits.map(({ after }) => after);
    return [
      plainTask({
        role: roleWith(frozen, ids.length - grown),
        frozen: ids.slice(0, frozen),
        path,
        exits,
        trains: withHeads(outline, path, headed),
        epochs: settings.epochs,
        schedule: scheduleOf(moment, endsOf(outline, settings)),
      }),
    ];
  },
  exit: (outline, progress) => {
    const ids = bodyIds(outline);
    return exitWith(outline, settings, ids.slice(0, grownAt(settings, ids.length, progress)));
  },
});

function whyNot({ growAt, freezeAt, lambda, beta, answer }: Settings, count: number): string | null {
  if (freezeAt < growAt) return `cannot freeze from ${freezeAt} on, it grows until ${growAt}`;
  if (answer === 'last' || count <= 2) return null;
  // Only the output of the last frozen segment is at hand, not those of the frozen ones before it.
  if (freezeAt < 1)
    return 'cannot freeze segments whose heads stay (answer=sum) in a network of more than two';
  // The sum before is at hand only as an exit, and without a weight on its labels it is no exit.
  return lambda === 0 && beta > 0
    ? 'cannot distil sums (answer=sum, beta) that do not learn from the labels (lambda=0) in a network of more than two'
    : null;
}

/** Without the last segments it is a student, without the first a teacher. */
const roleWith = (frozen: number, missing: number): Role => {
  if (frozen > 0) return 'teacher';
  return missing > 0 ? 'student' : 'whole';
};

/** Segments that have joined: the first from the beginning, the others evenly until `growAt`. */
const grownAt = ({ growAt }: Settings, count: number, progress: number): number =>
  places(count).filter(place => progress >= (growAt * place) / (count - 1)).length;

/** Segments frozen for good: from `freezeAt` on the first, the others evenly after it, the last never. */
const frozenAt = (settings: Settings, count: number, progress: number): number =>
  places(count).filter(place => place < count - 1 && progress >= endOf(settings, count, place)).length;

/** The progress at which the segment at this place stops learning. */
const endOf = ({ freezeAt }: Settings, count: number, place: number): number =>
  Math.min(1, freezeAt + ((1 - freezeAt) * place) / (count - 1));

const places = (count: number): number[] => Array.from({ length: count }, (_, place) => place);

function endsOf(outline: ModelOutline, settings: Settings): Record<string, number> {
  const ids = bodyIds(outline);
  const ends = ids.map((id, place) =>
    withHeads(outline, [id]).map(of => [of, endOf(settings, ids.length, place)]),
  );
  return settings.freezeAt < 1 ? Object.fromEntries(ends.flat()) : {};
}

/**
 * The newest exit learns from the labels. It also learns from the exit before it, for the examples on which that exit
 * is better: from all before it the strength would grow with the number of segments. Those before learn from the
 * labels, as long as they learn at all.
 */
function exitsOf(
  outline: ModelOutline,
  settings: Settings,
  grown: readonly string[],
  frozen: number,
): TrainedExit[] {
  const { lambda, beta, temperature } = settings;
  const before = grown.slice(0, -1);
  const distils: Distil[] =
    beta > 0 && before.length > 0
      ? [{ distilFrom: exitWith(outline, settings, before), weight: beta, temperature, gated: true }]
      : [];
  const learning = grown.slice(frozen, -1).map((_, i) => grown.slice(0, frozen + i + 1));
  const heads = learning.map(upTo => trainedExit(exitWith(outline, settings, upTo), lambda));
  return [...(lambda > 0 ? heads : []), trainedExit(exitWith(outline, settings, grown), 1, distils)];
}

/** The exit of the last of these segments: alone, or added to those before it, whose heads stay. */
function exitWith(outline: ModelOutline, { answer }: Settings, segments: readonly string[]): Exit {
  const [newest, ...before] = segments.map(id => exitAfter(outline, id)).reverse();
  if (!newest) throw new Error('a network of no segments has no exit');
  return answer === 'sum' && before.length > 0 ? { ...newest, plus: before } : newest;
}
