import { decodeSafetensors, encodeSafetensors } from '../codec/safetensors.ts';
import { outerOptimizers } from './outer-optimizer.ts';

/**
 * A shard's next weights: the old file, moved by the aggregate with the outer optimizer. The aggregate is flat, in
 * the file's order.
 * @throws if the file is not a shard of that many elements: shards come from our own storage, checked by hash
 */
export function applyAggregate(shard: Uint8Array, aggregate: Float32Array): Uint8Array<ArrayBuffer> {
  const decoded = decodeSafetensors(shard);
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  const { sgd } = outerOptimizers;
  let end = 0;
  const moved = decoded.value.map(tensor => {
    const delta = aggregate.subarray(end, end + tensor.values.length);
    end += tensor.values.length;
    const { weights } = sgd.apply(tensor.values, delta, sgd.init(tensor.values.length, { rate: 1 }));
    return { ...tensor, values: weights };
  });
  if (end !== aggregate.length)
    throw new Error(`a shard of ${end} elements, an aggregate of ${aggregate.length}`);
  return encodeSafetensors(moved);
}
