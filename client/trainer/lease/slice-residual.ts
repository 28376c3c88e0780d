import { gatherAt, scatterAt, slicePositions } from '../../../shared/math/slice-positions.ts';
import { elementsOf } from '../../../shared/protocol/elements-of.ts';
import type { OutlineTensor } from '../../../shared/protocol/model-outline.ts';
import { spansOf } from '../../../shared/protocol/narrow-outline.ts';
import type { KeptTensors, LeaseJob } from '../trainer-api.ts';

/** A job whose task may have a part of the channels. Residuals are kept of whole tensors, since slices change. */
type SlicedJob = Pick<LeaseJob, 'task' | 'segments' | 'residual'>;

/** What is left of the last updates at the weights that the task trains. */
export function narrowResidual({ task, segments, residual }: SlicedJob): KeptTensors | undefined {
  const { slices } = task;
  if (!slices || !residual) return residual;
  return mapResidual(residual, segments, (tensor, values) =>
    gatherAt(values, slicePositions(tensor.shape, spansOf(tensor, slices))),
  );
}

/** What an update leaves, in the place of what was left there before. Other weights keep theirs. */
export function widenResidual({ task, segments, residual }: SlicedJob, left: KeptTensors): KeptTensors {
  const { slices } = task;
  if (!slices) return left;
  return mapResidual(left, segments, (tensor, values, segment) => {
    const before = residual?.[segment]?.[tensor.name] ?? new Float32Array(elementsOf(tensor.shape));
    return scatterAt(before, slicePositions(tensor.shape, spansOf(tensor, slices)), values);
  });
}

function mapResidual(
  residual: KeptTensors,
  segments: SlicedJob['segments'],
  change: (tensor: OutlineTensor, values: Float32Array, segment: string) => Float32Array,
): KeptTensors {
  const ofSegment = (id: string): [string, KeptTensors[string]] => {
    const tensors = (segments[id]?.tensors ?? []).flatMap(tensor => {
      const values = residual[id]?.[tensor.name];
      return values ? [[tensor.name, change(tensor, values, id)] as const] : [];
    });
    return [id, Object.fromEntries(tensors)];
  };
  return Object.fromEntries(Object.keys(residual).map(ofSegment));
}
