import { type Task, throughOf } from '../../protocol/lease.ts';
import { type ModelOutline, segmentById } from '../../protocol/model-outline.ts';
import { narrowOutline } from '../../protocol/narrow-outline.ts';
import { distilSources } from '../task/exits.ts';
import { gradientBlocks } from '../task/gradient-blocks.ts';
import { passesOf } from './passes.ts';

/**
 * Multiply-accumulates of a task an example (shared/plan/README.md, "Counting multiply-accumulates"). The frozen
 * segments count once a view. An epoch counts three passes through what is trained, two through what a gradient crosses
 * on its way, one through the rest. A distilled exit that the task has anyway costs nothing.
 */
export function taskMacs(outline: ModelOutline, task: Task): number {
  const narrow = narrowOutline(outline, task.slices);
  const macsOf = (id: string): number => segmentById(narrow, id).macs;
  const trained = new Set(task.trains);
  const frozen = task.frozen.reduce((sum, id) => sum + macsOf(id), 0);
  const steps = gradientBlocks(task).flatMap(block => passesOf(block, trained));
  const sources = distilSources(task).flatMap(throughOf);
  const epoch =
    steps.reduce((sum, { id, passes }) => sum + passes * macsOf(id), 0) +
    sources.reduce((sum, id) => sum + macsOf(id), 0);
  return task.views * frozen + task.epochs * epoch;
}
