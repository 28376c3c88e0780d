import { bodyIds, headOf, type ModelOutline } from '../../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';

/** Refuses a model of one segment: nothing in it could teach or learn. */
export function checkCount(outline: ModelOutline, plan: string): Result<true> {
  return bodyIds(outline).length < 2
    ? refused('bad-spec', `${plan} wants a network of two segments or more, ${outline.name} has one`)
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
