import type { Task, TrainedExit } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import { lastExit, trainedExit } from './exits.ts';
import { plainTask, withHeads } from './plain-task.ts';
import { type Moment, scheduleOf } from './schedule.ts';

/**
 * The whole network end to end from the labels, and the heads of these exits with it, should there be any.
 * @param heads exits of segments before the last
 */
export const wholeTask = (
  outline: ModelOutline,
  epochs: number,
  moment: Moment,
  heads: readonly TrainedExit[] = [],
): Task => exitsTask(outline, epochs, moment, [...heads, trainedExit(lastExit(outline))]);

/** The whole network and its heads by these exits, in the order of the network, its end among them. */
export const exitsTask = (
  outline: ModelOutline,
  epochs: number,
  moment: Moment,
  exits: readonly TrainedExit[],
): Task =>
  plainTask({
    role: 'whole',
    path: bodyIds(outline),
    exits: [...exits],
    trains: withHeads(
      outline,
      bodyIds(outline),
      exits.map(({ after }) => after),
    ),
    epochs,
    schedule: scheduleOf(moment),
  });
