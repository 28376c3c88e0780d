import type { Role } from '../../protocol/identifiers.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';

/** The role that trains the body segment at this place alone: the first is the student, the last the teacher. */
export const roleAt = (outline: ModelOutline, place: number): Role => {
  if (place === 0) return 'student';
  return place === bodyIds(outline).length - 1 ? 'teacher' : `segment-${place + 1}`;
};
