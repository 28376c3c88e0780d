import type { Task } from '../../protocol/lease.ts';
import { headOf, type ModelOutline } from '../../protocol/model-outline.ts';

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

/** These body segments and the heads on them, or on some of them, in the order of an update: body, then heads. */
export const withHeads = (
  outline: ModelOutline,
  segments: readonly string[],
  headed: readonly string[] = segments,
): string[] => [...segments, ...headed.flatMap(id => headOf(outline, id)?.id ?? [])];
