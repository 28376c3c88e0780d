import type { Role } from '../../protocol/identifiers.ts';
import type { Branch, Distil, Exit, Task, TrainedExit } from '../../protocol/lease.ts';
import { averageOf, bodySegments, headOf, type ModelOutline } from '../../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { type Moment, scheduleOf } from '../learning-plan.ts';

/** What tasks are made of: exits and chains of a model, by the names of its segments. */

export const bodyIds = (outline: ModelOutline): string[] => bodySegments(outline).map(({ id }) => id);

/** The body's own logits: the last segment's output. */
export const lastExit = (outline: ModelOutline): Branch => ({
  after: bodyIds(outline).at(-1) ?? '',
  through: [],
});

/** The logits of a body segment: its head's, behind the moving average that stands before some heads; the last's own. */
export function exitAfter(outline: ModelOutline, segment: string): Branch {
  if (segment === lastExit(outline).after) return lastExit(outline);
  const head = headOf(outline, segment);
  if (!head) throw new Error(`model ${outline.name} has no head on ${segment}`);
  const average = averageOf(outline, segment);
  return { after: segment, through: [...(average ? [average.id] : []), head.id] };
}

/** An answer that learns from the labels, and from nobody else unless told. */
export const trainedExit = (answer: Exit, labelWeight = 1, distils: readonly Distil[] = []): TrainedExit => ({
  ...answer,
  labelWeight,
  distils: [...distils],
});

/** The answers of all segments before the last. */
export const exitsBefore = (outline: ModelOutline): Branch[] =>
  bodyIds(outline)
    .slice(0, -1)
    .map(id => exitAfter(outline, id));

/** These body segments and the heads on them, or on some of them, in the order of an update: body, then heads. */
export const withHeads = (
  outline: ModelOutline,
  segments: readonly string[],
  headed: readonly string[] = segments,
): string[] => [...segments, ...headed.flatMap(id => headOf(outline, id)?.id ?? [])];

/** A task that runs once over its examples, from the pixels, as one network: what plans change from. */
export const plainTask = (
  task: Pick<Task, 'role' | 'path' | 'exits' | 'trains' | 'schedule'> & Partial<Task>,
): Task => ({
  frozen: [],
  views: 1,
  isolated: false,
  epochs: 1,
  ...task,
});

/**
 * The whole network end to end from the labels, and the heads of these exits with it, should there be any.
 * @param heads exits of segments before the last
 */
export const wholeTask = (
  outline: ModelOutline,
  epochs: number,
  moment: Moment,
  heads: readonly TrainedExit[] = [],
): Task =>
  plainTask({
    role: 'whole',
    path: bodyIds(outline),
    exits: [...heads, trainedExit(lastExit(outline))],
    trains: withHeads(
      outline,
      bodyIds(outline),
      heads.map(({ after }) => after),
    ),
    epochs,
    schedule: scheduleOf(moment),
  });

/** The role that trains the body segment at this place alone: the first is the student, the last the teacher. */
export const roleAt = (outline: ModelOutline, place: number): Role => {
  if (place === 0) return 'student';
  return place === bodyIds(outline).length - 1 ? 'teacher' : `segment-${place + 1}`;
};

/** Refuses a model of one segment: nothing in it could teach or learn. */
export function checkCount(outline: ModelOutline, plan: string): Result<true> {
  return bodyIds(outline).length < 2
    ? refused('bad-spec', `${plan} wants a model of two segments or more, ${outline.name} has one`)
    : accepted(true);
}

/** Refuses a model of one segment, or one in which a segment before the last has no head. */
export function checkSegments(outline: ModelOutline, plan: string): Result<true> {
  const bare = bodyIds(outline)
    .slice(0, -1)
    .find(id => !headOf(outline, id));
  if (bare === undefined) return checkCount(outline, plan);
  return refused('bad-spec', `${plan} wants an auxiliary head on ${bare}`);
}

/** The answer of the next segment, to which the one at this place is student; null behind the last. */
export function teacherExit(outline: ModelOutline, place: number): Branch | null {
  const [segment, next] = bodyIds(outline).slice(place);
  if (segment === undefined || next === undefined) return null;
  return { after: segment, through: [next, ...exitAfter(outline, next).through] };
}

/** The answer of the segment before, to which the one at this place is teacher; null before the first. */
export function studentExit(outline: ModelOutline, place: number): Branch | null {
  const before = bodyIds(outline)[place - 1];
  return before === undefined ? null : exitAfter(outline, before);
}
