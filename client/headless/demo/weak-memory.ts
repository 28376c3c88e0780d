import { hasMemory, needOf } from '../../../shared/plan/cost/fit-task.ts';
import { tasksOverRun } from '../../../shared/plan/kinds-over-run.ts';
import { bodyIds, type ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { UsageError } from '../terminal/usage-error.ts';

/**
 * Memory in MB of a weak device: as much as it can have without room for more than the lightest tasks of the run.
 * @throws UsageError if all tasks need the same
 */
export function weakMemoryMB(spec: RunSpec, model: ModelOutline): number {
  const needs = tasksWithNeeds(spec, model).map(({ need }) => need.bytes);
  const [lightest = 0, next] = [...new Set(needs)].sort((a, b) => a - b);
  if (next === undefined)
    throw new UsageError(
      `--weak wants a plan with a task that needs less memory than another: under ${spec.plan.name} every device has the same (try --plan depth-federated)`,
    );
  return Math.max(lightest, next - 1) / 1e6;
}

/** The body segments that nobody with so much memory ever trains. */
export function segmentsBeyond(spec: RunSpec, model: ModelOutline, memoryMB: number): string[] {
  const device = { backend: '', macsPerSecond: 0, memoryMB };
  const fitting = tasksWithNeeds(spec, model).filter(({ need }) => hasMemory(need, device));
  const trained = new Set(fitting.flatMap(({ task }) => task.trains));
  return bodyIds(model).filter(id => !trained.has(id));
}

const tasksWithNeeds = (spec: RunSpec, model: ModelOutline) =>
  tasksOverRun(spec, model).map(task => ({
    task,
    need: needOf(model, task, { batch: spec.training.batch, examples: 1 }),
  }));
