import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../codec/safetensors.ts';
import { meanOf } from './exact-sum.ts';
import type { PartialSum } from './partial-sums.ts';
import { type DriftStep, ShardMover, type SlotFiles } from './shard-mover.ts';
import { meanStatistics } from './statistic-sum.ts';

export interface MovedShard {
  readonly shard: Uint8Array<ArrayBuffer>;
  /** What the outer optimizer keeps of it. */
  readonly slots: SlotFiles;
}

/**
 * A shard's next values. What is learnt moves by the mean change, with the outer optimizer. A statistic becomes the mean
 * of what was observed: no optimizer has a part in it. What is frozen stays. Null if no update counts.
 * @param shard the old file
 * @param drift left out if no drift is corrected
 * @throws if the file is not the shard that was summed: shards come from our own storage, checked by hash
 */
export function applyAggregate(
  shard: Uint8Array,
  { unit, sum, statistics }: PartialSum,
  drift?: DriftStep,
): MovedShard | null {
  const [change, observed] = [meanOf(sum), meanStatistics(statistics)];
  if (!change || !observed) return null;
  const decoded = decodeSafetensors(shard);
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  const [nextChange, nextObserved] = [reader(change), reader(observed)];
  const mover = new ShardMover(drift);
  const nextValues = {
    learnt: (old: NamedTensor) => mover.move(old, nextChange(old.values.length), sum.weight),
    statistic: (old: NamedTensor) => nextObserved(old.values.length),
    frozen: (old: NamedTensor) => old.values,
  };
  const elements = decoded.value.map(({ values }) => values.length);
  if (elements.join() !== unit.pieces.map(piece => piece.elements).join())
    throw new Error(`a shard of tensors of ${elements} elements, which is not the one that was summed`);
  const next = decoded.value.map((tensor, i) => ({
    ...tensor,
    values: nextValues[unit.pieces[i]?.kind ?? 'frozen'](tensor),
  }));
  return { shard: encodeSafetensors(next), slots: mover.slots };
}

/** The next so many of these values, at each call. */
function reader(values: Float32Array): (elements: number) => Float32Array {
  let end = 0;
  return elements => {
    end += elements;
    return values.subarray(end - elements, end);
  };
}
