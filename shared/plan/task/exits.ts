import {
  type Branch,
  branchesOf,
  type Distil,
  type Exit,
  type Task,
  type TrainedExit,
} from '../../protocol/lease.ts';
import { averageOf, bodyIds, headOf, type ModelOutline } from '../../protocol/model-outline.ts';

/** Where logits leave a model, by the names of its segments. */

/** The body's own logits: the last segment's output. */
export const lastExit = (outline: ModelOutline): Branch => ({
  after: bodyIds(outline).at(-1) ?? '',
  through: [],
});

/**
 * The logits of a body segment: those of its head, behind the moving average that stands before some heads. The last
 * segment's are its own.
 */
export function exitAfter(outline: ModelOutline, segment: string): Branch {
  if (segment === lastExit(outline).after) return lastExit(outline);
  const head = headOf(outline, segment);
  if (!head) throw new Error(`model ${outline.name} has no head on ${segment}`);
  const average = averageOf(outline, segment);
  return { after: segment, through: [...(average ? [average.id] : []), head.id] };
}

/** The exits of all segments before the last. */
export const exitsBefore = (outline: ModelOutline): Branch[] =>
  bodyIds(outline)
    .slice(0, -1)
    .map(id => exitAfter(outline, id));

/** The exit of the next segment, to which the one at this place is student; null behind the last. */
export function teacherExit(outline: ModelOutline, place: number): Branch | null {
  const [segment, next] = bodyIds(outline).slice(place);
  if (segment === undefined || next === undefined) return null;
  return { after: segment, through: [next, ...exitAfter(outline, next).through] };
}

/** The exit of the segment before, to which the one at this place is teacher; null before the first. */
export function studentExit(outline: ModelOutline, place: number): Branch | null {
  const before = bodyIds(outline)[place - 1];
  return before === undefined ? null : exitAfter(outline, before);
}

/** An exit that learns from the labels, and from no other exit unless told. */
export const trainedExit = (exit: Exit, labelWeight = 1, distils: readonly Distil[] = []): TrainedExit => ({
  ...exit,
  labelWeight,
  distils: [...distils],
});

/** Whether two are the same logits, joined in the same way: an exit alone is not the same as together with others. */
export const isSameExit = (a: Exit, b: Exit): boolean => nameOf(a) === nameOf(b);

const nameOf = (exit: Exit): string =>
  branchesOf(exit)
    .map(({ after, through }) => [after, ...through].join())
    .join(exit.joined === 'ensemble' ? '|' : '+');

const eachOnce = <Of extends Exit>(exits: readonly Of[]): Of[] =>
  exits.filter((exit, i) => exits.findIndex(other => isSameExit(other, exit)) === i);

/** The branches that exits are made of, each once. */
export const branchesIn = (exits: readonly Exit[]): Branch[] => eachOnce(exits.flatMap(branchesOf));

/** The exits that are distilled from and are not trained themselves, each once: they are run beside the path. */
export function distilSources({ exits }: Pick<Task, 'exits'>): Exit[] {
  const sources = exits.flatMap(({ distils }) => distils.map(({ distilFrom }) => distilFrom));
  return eachOnce(sources).filter(source => !exits.some(exit => isSameExit(exit, source)));
}
