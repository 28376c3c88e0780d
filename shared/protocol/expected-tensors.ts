import type { ChannelSlices } from './channels.ts';
import { elementsOf } from './elements-of.ts';
import { type ModelOutline, segmentById, trainedTensors } from './model-outline.ts';
import { narrowOutline } from './narrow-outline.ts';
import type { Statistic } from './statistic.ts';

/** A tensor that a lease trains. Frozen ones are none. An update carries the change of what is learnt, and the value of a statistic. */
export interface ExpectedTensor {
  readonly segment: string;
  readonly tensor: string;
  readonly elements: number;
  /** What it observes; undefined if it is learnt. */
  readonly statistic?: Statistic | undefined;
  /** The size of its largest value in version 0, if that is known. */
  readonly peak?: number | undefined;
}

/**
 * The tensors an update of these segments carries, in the order in which it carries them.
 * @param slices of the task, if it trains a part of the channels
 */
export function expectedTensors(
  model: ModelOutline,
  trains: readonly string[],
  slices?: ChannelSlices,
): ExpectedTensor[] {
  const narrow = narrowOutline(model, slices);
  return trains.flatMap(id =>
    trainedTensors(segmentById(narrow, id)).map(({ name, shape, statistic, peak }) => ({
      segment: id,
      tensor: name,
      elements: elementsOf(shape),
      statistic,
      peak,
    })),
  );
}
