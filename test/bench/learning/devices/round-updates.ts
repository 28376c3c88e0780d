import type { RoundWork } from '../../../../shared/plan/cost/budget.ts';
import { fitsDevices } from '../../../../shared/plan/plan-tasks.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import type { Task } from '../../../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { hasRoom } from './device-memory.ts';

/**
 * How many updates each role of a round with these tasks has. A plan that fits tasks to devices gives each volunteer the
 * heaviest that it has room for; under any other, those who have room for some task share them all.
 */
export function roundUpdates(
  spec: RunSpec,
  outline: ModelOutline,
  tasks: readonly Task[],
  memoriesMB: readonly number[],
): RoundWork['updates'] {
  const heaviest = memoriesMB.flatMap(
    memoryMB => tasks.findLast(task => hasRoom(task, memoryMB, spec, outline)) ?? [],
  );
  if (!fitsDevices(spec.plan)) return heaviest.length;
  return (role: Role) => heaviest.filter(task => task.role === role).length;
}
