import { networkFor, planTasks, tasksByRound } from '../../../shared/plan/plan-tasks.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { type JointAnswer, segmentsOf } from '../../../shared/protocol/lease.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import {
  averageOf,
  bodySegments,
  headOf,
  type ModelOutline,
  parametersOf,
  type Segment,
} from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { atWorkAs } from '../../../shared/view/at-work-in.ts';
import { presenceOf } from '../../../shared/view/presence-of.ts';

/**
 * What becomes of a segment in the round that runs. It is trained. Or it is frozen and only runs forward, for others to
 * build on or to learn from. Or it is an average and follows its segment. Or it joins later, or is no longer needed, or is
 * never used in this run. Once the run is over, every segment is over.
 */
export type Standing = 'trained' | 'frozen' | 'follows' | 'joins-later' | 'done' | 'unused' | 'over';

export interface Place {
  readonly segment: Segment;
  readonly parameters: number;
  readonly standing: Standing;
  /** Roles that train it now. */
  readonly trainedBy: readonly Role[];
  /** The round in which the plan first needs it. Null if no round does. */
  readonly joinsIn: number | null;
  readonly changedIn: number;
  readonly isNew: boolean;
  /** Of a head that stays in the export: how it answers together with the network's last exit. Else false. */
  readonly stays: JointAnswer | false;
  /** Some of those who are at work on it. */
  readonly volunteers: readonly VolunteerView[];
  /** How many are. */
  readonly atWork: number;
  /** Its head, and the moving average that some heads learn through. */
  readonly beside: readonly Place[];
}

/**
 * Where everyone stands in the network, as the run's own plan says for this round: body segments from input to
 * output.
 */
export function networkPlaces(
  { spec, model }: Pick<RunInfo, 'spec' | 'model'>,
  view: RunView,
  changedIn: Readonly<Record<string, number>>,
): Place[] {
  const round = Math.min(view.round, spec.rounds);
  const tasks = planTasks(spec, model, round);
  const atWork = presentAtWork(view);
  const needed = new Set(tasks.flatMap(segmentsOf));
  const firstNeeded = firstRounds(spec, model);
  const isOver = view.phase === 'finished';
  const { keepsHeads } = networkFor(spec.plan);
  const place = (segment: Segment): Place => {
    const { id } = segment;
    const trainedBy = isOver ? [] : tasks.filter(task => task.trains.includes(id)).map(({ role }) => role);
    const version = changedIn[id] ?? 0;
    const joinsIn = firstNeeded.get(id) ?? null;
    return {
      segment,
      parameters: parametersOf(segment),
      standing: standingOf({
        kind: segment.kind,
        isOver,
        isTrained: trainedBy.length > 0,
        isNeeded: needed.has(id),
        joinsIn,
        round,
      }),
      trainedBy,
      joinsIn,
      changedIn: version,
      isNew: version > 0 && version === view.version,
      stays: segment.kind === 'head' && keepsHeads,
      volunteers: atWork.filter(({ role }) => role !== null && trainedBy.includes(role)),
      atWork: trainedBy.reduce((sum, role) => sum + atWorkAs(view, role), 0),
      beside: [averageOf(model, id), headOf(model, id)].flatMap(other => (other ? [place(other)] : [])),
    };
  };
  return bodySegments(model).map(place);
}

/** Of those who are listed, who works and has not left meanwhile. */
export const presentAtWork = (view: RunView): VolunteerView[] =>
  Object.values(view.volunteers).filter(
    ({ role, volunteer }) => role !== null && presenceOf(view, volunteer)?.isHere !== false,
  );

function standingOf(at: {
  readonly kind: Segment['kind'];
  readonly isOver: boolean;
  readonly isTrained: boolean;
  readonly isNeeded: boolean;
  readonly joinsIn: number | null;
  readonly round: number;
}): Standing {
  if (at.joinsIn === null) return 'unused';
  if (at.isOver) return 'over';
  if (at.isTrained) return 'trained';
  if (at.isNeeded) return at.kind === 'average' ? 'follows' : 'frozen';
  return at.joinsIn > at.round ? 'joins-later' : 'done';
}

/** A new view comes with every event, but the rounds of a run never change. So they are worked out once. */
const known = new WeakMap<RunSpec, ReadonlyMap<string, number>>();

/** For each segment, the first round that needs it. */
function firstRounds(spec: RunSpec, model: ModelOutline): ReadonlyMap<string, number> {
  const before = known.get(spec);
  if (before) return before;
  const first = new Map<string, number>();
  for (const [round, tasks] of tasksByRound(spec, model)) {
    for (const id of tasks.flatMap(segmentsOf)) if (!first.has(id)) first.set(id, round);
    if (first.size === model.segments.length) break;
  }
  known.set(spec, first);
  return first;
}

/** Lists the layers in order and counts equal neighbours: `Conv2D ×2`. */
export function countLayers(layers: readonly string[]): { name: string; count: number }[] {
  const counted: { name: string; count: number }[] = [];
  for (const name of layers) {
    const last = counted.at(-1);
    if (last?.name === name) last.count++;
    else counted.push({ name, count: 1 });
  }
  return counted;
}

export type LayerKind = 'convolution' | 'normalization' | 'activation' | 'pooling' | 'dense' | 'other';

const kinds: readonly (readonly [RegExp, LayerKind])[] = [
  [/conv/i, 'convolution'],
  [/norm/i, 'normalization'],
  [/activation|relu|softmax/i, 'activation'],
  [/pool|flatten/i, 'pooling'],
  [/dense/i, 'dense'],
];

/** The colour family of a layer in the drawing. */
export const layerKind = (name: string): LayerKind =>
  kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
