import { decodeSafetensors, encodeSafetensors } from '../codec/safetensors.ts';
import { meanOf } from './exact-sum.ts';
import { outerOptimizers } from './outer-optimizer.ts';
import type { PartialSum } from './partial-sums.ts';
import { meanStatistics } from './statistic-sum.ts';

/**
 * A shard's next values. What is learnt moves by the mean change, with the outer optimizer. A statistic becomes the mean
 * of what was observed: no optimizer has a part in it. What is frozen stays. Null if no update counts.
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
  const nextValues = {
    learnt: (old: Float32Array) => moveWeights(old, nextChange(old.length)),
    statistic: (old: Float32Array) => nextObserved(old.length),
    frozen: (old: Float32Array) => old,
  };
  const elements = decoded.value.map(({ values }) => values.length);
  if (elements.join() !== unit.pieces.map(piece => piece.elements).join())
    throw new Error(`a shard of tensors of ${elements} elements, which is not the one that was summed`);
  return encodeSafetensors(
    decoded.value.map((tensor, i) => ({
      ...tensor,
      values: nextValues[unit.pieces[i]?.kind ?? 'frozen'](tensor.values),
    })),
  );
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
