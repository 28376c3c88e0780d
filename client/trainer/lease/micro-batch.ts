import { segmentsOf, type Task } from '../../../shared/protocol/lease.ts';
import { narrowSegment } from '../../../shared/protocol/narrow-outline.ts';
import type { DeviceInUse, LeaseJob, SegmentTopology } from '../trainer-api.ts';

/**
 * Multiply-accumulates of one micro-batch on one thread; a cancel waits for so many. They take 0.1 to 0.2 seconds on
 * a core that does nothing else, at 12 to 18 thousand million a second. Micro-batches of this size make a batch 0 to
 * 5 % slower, and DenseNet-40, with its many small layers, 2 to 14 %; half the size costs VGG16 at a quarter width 8
 * %. It is a constant and not this device's speed, because on a busy machine that was measured five times too low.
 * With a constant, a batch falls into the same micro-batches every time, and the same lease gives the same update.
 */
const MACS_A_MICRO_BATCH = 2e9;

/** A micro-batch of fewer examples costs more in overhead than in arithmetic. */
const FEWEST_EXAMPLES = 4;

/**
 * How many examples to do at once so that a cancel is heard soon: the batch, or a half, a quarter, … of it. It is the
 * whole batch on a graphics card, which is fed ahead and wants large batches. It is also the whole batch for a
 * network with batch norm, whose statistics would otherwise be those of a micro-batch. A frozen one takes none.
 */
export function microBatchInTime(
  { task, segments, batch }: Pick<LeaseJob, 'task' | 'batch'> & Segments,
  { backend, threads }: Pick<DeviceInUse, 'backend' | 'threads'>,
): number {
  if (backend === 'webgpu' || Object.values(segments).some(hasBatchNorm)) return batch;
  const most = (threads * MACS_A_MICRO_BATCH) / macsAnExample(task, segments);
  let examples = batch;
  while (examples > most && examples > FEWEST_EXAMPLES)
    examples = Math.max(FEWEST_EXAMPLES, Math.ceil(examples / 2));
  return examples;
}

interface Segments {
  readonly segments: Readonly<Record<string, SegmentTopology>>;
}

const hasBatchNorm = ({ tensors }: SegmentTopology): boolean =>
  tensors.some(({ name, frozen }) => name.endsWith('/moving_variance') && !frozen);

/**
 * Three passes through whatever a step runs, or one pass of four times as many examples through the frozen segments.
 */
function macsAnExample(task: Task, segments: Segments['segments']): number {
  const macsOf = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => {
      const segment = segments[id];
      return sum + (segment ? narrowSegment(segment, task.slices).macs : 0);
    }, 0);
  const frozen = macsOf(task.frozen);
  return Math.max(3 * (macsOf(segmentsOf(task)) - frozen), 4 * frozen);
}
