import { segmentsOf, type Task } from '../../protocol/lease.ts';
import { type ModelOutline, parametersOf, segmentById } from '../../protocol/model-outline.ts';
import { narrowOutline } from '../../protocol/narrow-outline.ts';
import { gradientBlocks } from '../task/gradient-blocks.ts';
import { passesOf } from './passes.ts';

/**
 * Numbers in memory at a step's peak for each activation that the outline counts: tfjs lets go of neither outputs nor
 * gradients before the step ends, so twice, and what goes on within a layer (bias, padding, a concatenation's pieces)
 * takes the rest. Measured on the zoo: 2.4 to 2.6; a test holds it to what a trainer measures.
 */
const KEPT_AN_ACTIVATION = 2.7;

/**
 * Peak memory of a task in bytes: 12 a trained parameter (weight, gradient, momentum), 4 more if drift is corrected
 * (the anchor), 4 another's (shared/plan/README.md, "Where to cut"), and what the activations of a batch take in tfjs:
 * of all that a gradient goes through at once.
 */
export function taskMemoryBytes(outline: ModelOutline, task: Task, batch: number): number {
  const trained = new Set(task.trains);
  const narrow = narrowOutline(outline, task.slices);
  const bytes = task.correction === undefined ? 12 : 16;
  const weights = segmentsOf(task).reduce(
    (sum, id) => sum + (trained.has(id) ? bytes : 4) * parametersOf(segmentById(narrow, id)),
    0,
  );
  return weights + 4 * KEPT_AN_ACTIVATION * batch * keptActivations(outline, task);
}

/** Numbers an example that a task keeps for its gradients: of all that one goes through at once. */
export function keptActivations(outline: ModelOutline, task: Task): number {
  const trained = new Set(task.trains);
  const narrow = narrowOutline(outline, task.slices);
  const kept = gradientBlocks(task).map(block =>
    passesOf(block, trained).reduce(
      (sum, { id, passes }) => sum + (passes > 1 ? segmentById(narrow, id).activations : 0),
      0,
    ),
  );
  return Math.max(...kept);
}
