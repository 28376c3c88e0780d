import { segmentsOf, type Task } from '../../../shared/protocol/lease.ts';
import type { DeviceInUse, LeaseJob, SegmentTopology } from '../trainer-api.ts';

/**
 * Multiply-accumulates of a part of a batch on one thread, for which a cancel waits: 0.1 to 0.2 seconds at the 12 to 18
 * thousand million a second of a core that does nothing else. Done so, a batch costs 0 to 5 % more time, of DenseNet-40 with
 * its many small layers 2 to 14 %; half of it costs VGG16 at a quarter width 8 %. A constant and not this device's speed,
 * which was seen to be measured five times too low on a busy machine: so a batch falls into the same parts every time, and
 * the same lease gives the same update.
 */
const MACS_A_PART = 2e9;

/** Below this a part costs more in overhead than in arithmetic. */
const LEAST = 4;

/**
 * The most examples of a batch to do at once so that a cancel is heard soon, the batch or a half, quarter, … of it. All
 * on a graphics card, which is fed ahead and wants large batches; and of a network with batch norm, whose statistics are
 * those of a part.
 */
export function microBatchInTime(
  { task, segments, batch }: Pick<LeaseJob, 'task' | 'batch'> & Segments,
  { backend, threads }: Pick<DeviceInUse, 'backend' | 'threads'>,
): number {
  if (backend === 'webgpu' || Object.values(segments).some(hasBatchNorm)) return batch;
  const most = (threads * MACS_A_PART) / macsAnExample(task, segments);
  let examples = batch;
  while (examples > most && examples > LEAST) examples = Math.max(LEAST, Math.ceil(examples / 2));
  return examples;
}

interface Segments {
  readonly segments: Readonly<Record<string, SegmentTopology>>;
}

const hasBatchNorm = ({ tensors }: SegmentTopology): boolean =>
  tensors.some(({ name }) => name.endsWith('/moving_variance'));

/** Three passes through whatever a step runs; or one of four times as many examples through the frozen segments. */
function macsAnExample(task: Task, segments: Segments['segments']): number {
  const macsOf = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + (segments[id]?.macs ?? 0), 0);
  const frozen = macsOf(task.frozen);
  return Math.max(3 * (macsOf(segmentsOf(task)) - frozen), 4 * frozen);
}
