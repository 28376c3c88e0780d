import type { UpdateTensor } from '../../../shared/codec/envelope.ts';
import type { KeptTensors } from '../trainer-api.ts';

/**
 * What a volunteer's updates have moved in all once the platform has taken this one, by segment and tensor. Statistics
 * are not moved.
 * @throws if what was kept is not of these tensors
 */
export function addDrift(before: KeptTensors = {}, deltas: readonly UpdateTensor[]): KeptTensors {
  const sum: Record<string, KeptTensors[string]> = {};
  for (const { segment, tensor, values, statistic } of deltas) {
    if (statistic !== undefined) continue;
    const moved = before[segment]?.[tensor] ?? new Float32Array(values.length);
    if (moved.length !== values.length)
      throw new RangeError(`the drift of ${tensor} has ${moved.length} values`);
    sum[segment] = { ...sum[segment], [tensor]: values.map((value, i) => value + (moved[i] as number)) };
  }
  return sum;
}
