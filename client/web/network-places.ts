import { planTasks } from '../../shared/plan/plan-tasks.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { bodySegments, headOf, parametersOf, type Segment } from '../../shared/protocol/model-outline.ts';
import type { RunView, VolunteerView } from '../../shared/protocol/run-view.ts';

/** What happens to a segment in the round that runs. */
export interface Place {
  readonly segment: Segment;
  readonly parameters: number;
  /** Roles that train it now. */
  readonly trainedBy: readonly Role[];
  /** Run forward only, for others to stand on or to learn from. */
  readonly isFrozen: boolean;
  /** No task of this round needs it. */
  readonly isIdle: boolean;
  readonly changedIn: number;
  readonly isNew: boolean;
  /** Who is at work on it. */
  readonly volunteers: readonly VolunteerView[];
  readonly head: Place | null;
}

/** Where everyone stands in the network, as the run's own plan says for this round: body segments from input to output. */
export function networkPlaces(
  { spec, model }: Pick<RunInfo, 'spec' | 'model'>,
  view: RunView,
  changedIn: Readonly<Record<string, number>>,
): Place[] {
  const tasks = planTasks(spec, model, Math.min(view.round, spec.rounds));
  const atWork = Object.values(view.volunteers).filter(({ role }) => role !== null);
  const needed = new Set(tasks.flatMap(segmentsOf));
  const isOver = view.phase === 'finished';
  const place = (segment: Segment): Place => {
    const trainedBy = isOver ? [] : tasks.filter(task => task.trains.includes(segment.id)).map(t => t.role);
    const version = changedIn[segment.id] ?? 0;
    const head = headOf(model, segment.id);
    return {
      segment,
      parameters: parametersOf(segment),
      trainedBy,
      isFrozen: !isOver && trainedBy.length === 0 && needed.has(segment.id),
      isIdle: !isOver && !needed.has(segment.id),
      changedIn: version,
      isNew: version > 0 && version === view.version,
      volunteers: atWork.filter(({ role }) => role !== null && trainedBy.includes(role)),
      head: head ? place(head) : null,
    };
  };
  return bodySegments(model).map(place);
}

/** Layers one after the other with equal neighbours counted: `Conv2D ×2`. */
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
