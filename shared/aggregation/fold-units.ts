import { layoutShards } from '../codec/shard-layout.ts';
import { type ModelOutline, segmentById } from '../protocol/model-outline.ts';

/** Consecutive elements of one tensor of an update, row-major. */
interface UnitPiece {
  /** Index into the update's tensors. */
  readonly tensor: number;
  readonly offset: number;
  readonly elements: number;
}

/** What is folded, applied and published together: one shard of one segment. So memory is bounded by a shard. */
export interface FoldUnit {
  readonly segment: string;
  /** Index of the shard in its segment. */
  readonly shard: number;
  readonly pieces: readonly UnitPiece[];
  readonly elements: number;
}

/** The shards that updates of these segments change, in order. */
export function foldUnits(model: ModelOutline, trains: readonly string[]): FoldUnit[] {
  let first = 0;
  return trains.flatMap(id => {
    const { tensors } = segmentById(model, id);
    const indexOf = new Map(tensors.map(({ name }, i) => [name, first + i]));
    first += tensors.length;
    return layoutShards(tensors).map((shard, index) => {
      const pieces = shard.map(({ tensor, offset, elements }) => ({
        tensor: indexOf.get(tensor) ?? -1,
        offset,
        elements,
      }));
      return {
        segment: id,
        shard: index,
        pieces,
        elements: pieces.reduce((sum, piece) => sum + piece.elements, 0),
      };
    });
  });
}

/** The unit's values out of an update's tensors, flat. If the unit is one piece, they share memory with the update. */
export function gatherUnit(unit: FoldUnit, update: readonly Float32Array[]): Float32Array {
  const slices = unit.pieces.map(({ tensor, offset, elements }) => {
    const values = update[tensor];
    if (!values) throw new Error(`an update without tensor ${tensor}`);
    return values.subarray(offset, offset + elements);
  });
  const [only, ...more] = slices;
  if (only && more.length === 0) return only;
  const flat = new Float32Array(unit.elements);
  let end = 0;
  for (const slice of slices) {
    flat.set(slice, end);
    end += slice.length;
  }
  return flat;
}
