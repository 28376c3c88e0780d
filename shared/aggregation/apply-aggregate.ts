import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../codec/safetensors.ts';
import { boundStatistics } from './bound-statistics.ts';
import { meanOf } from './exact-sum.ts';
import type { UnitPiece } from './fold-units.ts';
import type { PartialSum } from './partial-sums.ts';
import { type DriftStep, ShardMover, type SlotFiles } from './shard-mover.ts';
import { meanStatistics } from './statistic-sum.ts';

export interface MovedShard {
  readonly shard: Uint8Array<ArrayBuffer>;
  /** What the outer optimizer keeps of it. */
  readonly slots: SlotFiles;
}

export interface Applying {
  /** Whether statistics move by a bounded amount. */
  readonly isBound: boolean;
  /** Left out if no drift is corrected. */
  readonly drift?: DriftStep;
}

/**
 * A shard's next values. What is learnt moves by the mean change, with the outer optimizer. A statistic becomes the mean
 * of what was observed: no optimizer has a part in it. What is frozen stays. Null if no update counts.
 * @param shard the old file
 * @throws if the file is not the shard that was summed: shards come from our own storage, checked by hash
 */
export function applyAggregate(
  shard: Uint8Array,
  { unit, sum, statistics }: PartialSum,
  { isBound, drift }: Applying,
): MovedShard | null {
  const [change, observed] = [meanOf(sum), meanStatistics(statistics)];
  if (!change || !observed) return null;
  const decoded = decodeSafetensors(shard);
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  const [nextChange, nextObserved] = [reader(change), reader(observed)];
  const mover = new ShardMover(drift);
  const nextValues = ({ values, ...old }: NamedTensor, piece: UnitPiece | undefined): Float32Array => {
    if (piece?.kind === 'learnt')
      return mover.move({ values, ...old }, nextChange(values.length), sum.weight);
    if (piece?.kind !== 'statistic') return values;
    const next = nextObserved(values.length);
    return isBound ? boundStatistics(piece.statistic ?? 'mean', values, next) : next;
  };
  const elements = decoded.value.map(({ values }) => values.length);
  if (elements.join() !== unit.pieces.map(piece => piece.elements).join())
    throw new Error(`a shard of tensors of ${elements} elements, which is not the one that was summed`);
  const next = decoded.value.map((tensor, i) => ({
    ...tensor,
    values: nextValues(tensor, unit.pieces[i]),
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
