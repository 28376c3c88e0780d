import { bodySegments, type ModelOutline } from '../protocol/model-outline.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { tasksOverRun } from './kinds-over-run.ts';

/**
 * Refuses rounds or settings by which a segment of the body would end as it began: fewer rounds than the plan's stages
 * or turns want, or a stage of no length. The control `student-alone` trains no more than the first on purpose. Asked
 * once, of a model that `checkPlan` took.
 */
export function checkCoverage(spec: RunSpec, outline: ModelOutline): Result<true> {
  if (spec.plan.name === 'student-alone') return accepted(true);
  const trained = new Set(tasksOverRun(spec, outline).flatMap(({ trains }) => trains));
  const left = bodySegments(outline).find(({ id }) => !trained.has(id));
  return left
    ? refused(
        'bad-spec',
        `${spec.plan.name} with these settings never trains ${left.id}, rounds: ${spec.rounds}`,
      )
    : accepted(true);
}
