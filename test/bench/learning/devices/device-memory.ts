import { hasMemory, type Need, needOf } from '../../../../shared/plan/cost/fit-task.ts';
import { tasksOverRun } from '../../../../shared/plan/kinds-over-run.ts';
import { planTasks } from '../../../../shared/plan/plan-tasks.ts';
import type { Task } from '../../../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../../../shared/protocol/model-outline.ts';
import { type PlanSpec, planSpecSchema } from '../../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import type { LearningRun } from '../learning-run.ts';
import { classesOf, type DeviceClass, describeRoom, type Room } from './device-classes.ts';

/** What a device says if it does not tell its memory: it is given anything. */
const ANY = 0;

const MEGA = 1e6;
const DEPTHS = planSpecSchema.parse({ name: 'depth-federated' });
const WHOLE = planSpecSchema.parse({ name: 'conventional' });

/**
 * The memory of each volunteer in MB, in the order of their indices; 0 has room for anything. The arms of a comparison
 * see the same memories, because they come from the network and not from the arm's plan.
 * @throws with one line if a class has no memory of its own on this network, or nothing fits it
 */
export function memoriesOf(run: LearningRun, spec: RunSpec, outline: ModelOutline): number[] {
  const { federated, isAllStrong } = run;
  if (!federated) return [];
  const { devices, volunteers } = federated;
  if (!devices || isAllStrong) return Array.from({ length: volunteers }, () => ANY);
  const memories = new Map(devices.map(one => [one, memoryOf(one.room, spec, outline)]));
  for (const one of devices) checkUseful(one, memories.get(one) ?? ANY, spec, outline);
  return classesOf(devices, volunteers).map(one => memories.get(one) ?? ANY);
}

/** Whether a device of so much memory has room for the task. */
export const hasRoom = (task: Task, memoryMB: number, spec: RunSpec, outline: ModelOutline): boolean =>
  hasMemory(need(task, spec, outline), { backend: '', macsPerSecond: 0, memoryMB });

function memoryOf(room: Room, spec: RunSpec, outline: ModelOutline): number {
  if (room.kind === 'memory') return room.memoryMB;
  const prefixes = needsOf(DEPTHS, spec, outline);
  if (room.kind === 'whole' || room.depth === prefixes.length) return ANY;
  const { depth } = room;
  const [own, next] = [prefixes[depth - 1], prefixes[depth]];
  if (!own || !next)
    throw new Error(`--devices: there is no depth ${depth} in a network of ${prefixes.length} segments`);
  const beyond = Math.min(next.bytes, ...needsOf(WHOLE, spec, outline).map(({ bytes }) => bytes));
  if (own.bytes < beyond) return (own.bytes + beyond) / 2 / MEGA;
  throw new Error(
    `--devices: no memory separates depth ${depth} (${megabytes(own.bytes)} MB) from what is deeper (${megabytes(beyond)} MB)`,
  );
}

/** Some depth of the network, or some task of the run's own plan, must have room: else nobody needs such a class. */
function checkUseful({ room }: DeviceClass, memoryMB: number, spec: RunSpec, outline: ModelOutline): void {
  const tasks = [...planTasks({ ...spec, plan: DEPTHS }, outline, 1), ...tasksOverRun(spec, outline)];
  if (tasks.some(task => hasRoom(task, memoryMB, spec, outline))) return;
  const least = Math.min(...tasks.map(task => need(task, spec, outline).bytes));
  throw new Error(
    `--devices: nothing has room in ${describeRoom(room)}, the lightest task needs ${megabytes(least)} MB`,
  );
}

const needsOf = (plan: PlanSpec, spec: RunSpec, outline: ModelOutline): Need[] =>
  planTasks({ ...spec, plan }, outline, 1).map(task => need(task, spec, outline));

/** As the round machine reckons it; a lease's examples count for its time only, and these devices tell no speed. */
const need = (task: Task, { training: { batch } }: RunSpec, outline: ModelOutline): Need =>
  needOf(outline, task, { batch, examples: 0 });

const megabytes = (bytes: number): string => (bytes / MEGA).toPrecision(3);
