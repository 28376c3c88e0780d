import { layoutShards } from '../codec/shard-layout.ts';
import { type ModelOutline, segmentById } from '../protocol/model-outline.ts';

/** Consecutive elements of one tensor of an update, row-major. */
interface UnitPiece {
  /** Index into the update's tensors. */
  readonly tensor: number;
  readonly offset: number;
  readonly elements: number;
  readonly isStatistic: boolean;
}

/** What is folded, applied and published together: one shard of one segment. So memory is bounded by a shard. */
export interface FoldUnit {
  readonly segment: string;
  /** Index of the shard in its segment. */
  readonly shard: number;
  /** In the shard's order. */
  readonly pieces: readonly UnitPiece[];
  /** How many values of it are learnt. */
  readonly elements: number;
  /** How many are statistics. */
  readonly statistics: number;
}

/** The shards that updates of these segments change, in order. */
export function foldUnits(model: ModelOutline, trains: readonly string[]): FoldUnit[] {
  let first = 0;
  return trains.flatMap(id => {
    const { tensors } = segmentById(model, id);
    const placeOf = new Map(
      tensors.map(({ name, statistic }, i) => [
        name,
        { tensor: first + i, isStatistic: statistic !== undefined },
      ]),
    );
    first += tensors.length;
    return layoutShards(tensors).map((shard, index) => {
      const pieces = shard.map(({ tensor, offset, elements }) => ({
        ...(placeOf.get(tensor) ?? { tensor: -1, isStatistic: false }),
        offset,
        elements,
      }));
      return {
        segment: id,
        shard: index,
        pieces,
        elements: elementsIn(pieces.filter(piece => !piece.isStatistic)),
        statistics: elementsIn(pieces.filter(piece => piece.isStatistic)),
      };
    });
  });
}

const elementsIn = (pieces: readonly UnitPiece[]): number =>
  pieces.reduce((sum, { elements }) => sum + elements, 0);

/** The unit's learnt values out of an update's tensors, flat. If they are one piece, they share memory with the update. */
export const gatherUnit = (unit: FoldUnit, update: readonly Float32Array[]): Float32Array =>
  gather(
    unit.pieces.filter(({ isStatistic }) => !isStatistic),
    update,
  );

/** As `gatherUnit`, of the statistics. */
export const gatherStatistics = (unit: FoldUnit, update: readonly Float32Array[]): Float32Array =>
  gather(
    unit.pieces.filter(({ isStatistic }) => isStatistic),
    update,
  );

function gather(pieces: readonly UnitPiece[], update: readonly Float32Array[]): Float32Array {
  const slices = pieces.map(({ tensor, offset, elements }) => {
    const values = update[tensor];
    if (!values) throw new Error(`an update without tensor ${tensor}`);
    return values.subarray(offset, offset + elements);
  });
  const [only, ...more] = slices;
  if (only && more.length === 0) return only;
  const flat = new Float32Array(elementsIn(pieces));
  let end = 0;
  for (const slice of slices) {
    flat.set(slice, end);
    end += slice.length;
  }
  return flat;
}
