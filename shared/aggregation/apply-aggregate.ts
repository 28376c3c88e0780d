import { decodeSafetensors, encodeSafetensors } from '../codec/safetensors.ts';
import { meanOf } from './exact-sum.ts';
import { outerOptimizers } from './outer-optimizer.ts';
import type { PartialSum } from './partial-sums.ts';
import { meanStatistics } from './statistic-sum.ts';

/**
 * A shard's next values. What is learnt moves by the mean change, with the outer optimizer. A statistic becomes the mean
 * of what was observed: no optimizer has a part in it. Null if no update counts.
 * @param shard the old file
 * @throws if the file is not the shard that was summed: shards come from our own storage, checked by hash
 */
export function applyAggregate(
  shard: Uint8Array,
  { unit, sum, statistics }: PartialSum,
): Uint8Array<ArrayBuffer> | null {
  const [change, observed] = [meanOf(sum), meanStatistics(statistics)];
  if (!change || !observed) return null;
  const decoded = decodeSafetensors(shard);
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  const [nextChange, nextObserved] = [reader(change), reader(observed)];
  const moved = decoded.value.map((tensor, i) => {
    const { length } = tensor.values;
    const values = unit.pieces[i]?.isStatistic
      ? nextObserved(length)
      : moveWeights(tensor.values, nextChange(length));
    return { ...tensor, values };
  });
  const elements = decoded.value.reduce((total, { values }) => total + values.length, 0);
  if (elements !== change.length + observed.length)
    throw new Error(`a shard of ${elements} elements, an aggregate of ${change.length + observed.length}`);
  return encodeSafetensors(moved);
}

/** The next so many of these values, at each call. */
function reader(values: Float32Array): (elements: number) => Float32Array {
  let end = 0;
  return elements => {
    end += elements;
    return values.subarray(end - elements, end);
  };
}

function moveWeights(weights: Float32Array, change: Float32Array): Float32Array {
  const { sgd } = outerOptimizers;
  return sgd.apply(weights, change, sgd.init(weights.length, { rate: 1 })).weights;
}
