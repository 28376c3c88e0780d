import { kindOf } from '../../../../shared/plan/kinds-over-run.ts';
import { networkFor, tasksByRound } from '../../../../shared/plan/plan-tasks.ts';
import type { Role } from '../../../../shared/protocol/identifiers.ts';
import type { Task } from '../../../../shared/protocol/lease.ts';
import { bodyIds } from '../../../../shared/protocol/model-outline.ts';
import { type PlanName, planSpecSchema } from '../../../../shared/protocol/plan-spec.ts';
import { runSpecSchema } from '../../../../shared/protocol/run-spec.ts';
import { defaultGlyphs, defaultSpec } from '../../../host/default-spec.ts';
import { zooOutline } from '../../../host/zoo/zoo-outline.ts';

/** What a device does with a part of the network: trains it, runs it as it is, or does not have it. */
export type Cell = 'trained' | 'kept' | 'absent';

export interface PictureDevice {
  readonly role: Role;
  readonly cells: readonly Cell[];
  /** Of each part whose answer learns from another part's answer: places of learner and teacher. */
  readonly learns: readonly (readonly [learner: number, teacher: number])[];
  /** Whether it has only some of the channels. */
  readonly isNarrow: boolean;
}

/** What devices do from some moment of a run on, until the next stage. */
export interface PictureStage {
  /** A share of the run. */
  readonly from: number;
  readonly devices: readonly PictureDevice[];
}

const ROUNDS = 100;
const PARTS = 3;

const known = new Map<PlanName, readonly PictureStage[]>();

/** Who trains what and learns from whom under a plan with its defaults, by its own tasks on a network of three parts. */
export function planPicture(plan: PlanName): readonly PictureStage[] {
  const stages = known.get(plan) ?? workOut(plan);
  known.set(plan, stages);
  return stages;
}

function workOut(plan: PlanName): PictureStage[] {
  const dataset = defaultGlyphs(1);
  const input = defaultSpec({ name: plan, seed: 1, dataset, plan, rounds: ROUNDS });
  const spec = runSpecSchema.parse({ ...input, plan: planSpecSchema.parse({ name: plan }) });
  const outline = zooOutline({
    name: 'cnn-5',
    shape: { height: 28, width: 28, channels: 1 },
    classes: 10,
    segments: PARTS,
    heads: networkFor(spec.plan).heads,
  });
  if (!outline) throw new Error('cnn-5 cannot be cut in three any more');
  const body = bodyIds(outline);
  const stages: PictureStage[] = [];
  let before = '';
  for (const [round, tasks] of tasksByRound(spec, outline)) {
    const kinds = tasks.map(kindOf).join();
    if (kinds === before) continue;
    before = kinds;
    stages.push({ from: (round - 1) / ROUNDS, devices: tasks.map(task => deviceOf(task, body)) });
  }
  return stages;
}

function deviceOf(task: Task, body: readonly string[]): PictureDevice {
  const learns = task.exits.flatMap(({ after, distils }) =>
    distils.map(({ distilFrom }) => [body.indexOf(after), body.indexOf(distilFrom.after)] as const),
  );
  return {
    role: task.role,
    cells: body.map(id => cellOf(task, id)),
    learns: learns.filter(([learner, teacher]) => learner !== teacher),
    isNarrow: task.slices !== undefined,
  };
}

const cellOf = ({ trains, frozen, path }: Task, id: string): Cell =>
  trains.includes(id) ? 'trained' : [...frozen, ...path].includes(id) ? 'kept' : 'absent';
