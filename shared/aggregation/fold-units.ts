import { layoutShards, type Piece } from '../codec/shard-layout.ts';
import { countBefore } from '../math/slice-positions.ts';
import type { ChannelSlices } from '../protocol/channels.ts';
import {
  type ModelOutline,
  type OutlineTensor,
  type Segment,
  segmentById,
  trainedTensors,
} from '../protocol/model-outline.ts';
import { spansOf } from '../protocol/narrow-outline.ts';
import type { Statistic } from '../protocol/statistic.ts';

/** Consecutive elements of one tensor of an update, row-major. */
export interface UnitPiece {
  readonly kind: PieceKind;
  /** Of what it is one. Left out if it is none. */
  readonly statistic?: Statistic;
  /** Index into the update's tensors; -1 if it is frozen, since no update carries it. */
  readonly tensor: number;
  readonly offset: number;
  readonly elements: number;
}

/** What becomes of a piece: it moves by a change, it becomes what was observed, or it stays. */
type PieceKind = 'learnt' | 'statistic' | 'frozen';

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

/**
 * The shards that updates of these segments change, in order.
 * @param slices that the updates are of, if of a part of the channels. Then pieces are of the sliced tensors: what is kept
 * of a shard's part of a tensor stays one piece
 */
export function foldUnits(
  model: ModelOutline,
  trains: readonly string[],
  slices?: ChannelSlices,
): FoldUnit[] {
  let first = 0;
  return trains.flatMap(id => {
    const segment = segmentById(model, id);
    const trained = trainedTensors(segment);
    const placeOf = new Map(
      trained.map((tensor, i) => [tensor.name, { tensor: first + i, ...kindOf(tensor) }]),
    );
    first += trained.length;
    return layoutShards(segment.tensors).map((shard, index) => {
      const pieces = shard.map(piece => ({
        ...(placeOf.get(piece.tensor) ?? { tensor: -1, kind: 'frozen' as const }),
        ...(slices ? keptOf(piece, segment, slices) : { offset: piece.offset, elements: piece.elements }),
      }));
      return {
        segment: id,
        shard: index,
        pieces,
        elements: elementsIn(piecesOf(pieces, 'learnt')),
        statistics: elementsIn(piecesOf(pieces, 'statistic')),
      };
    });
  });
}

/** Where what slices keep of a piece lies in the sliced tensor. */
function keptOf(
  { tensor, offset, elements }: Piece,
  { tensors }: Segment,
  slices: ChannelSlices,
): Pick<UnitPiece, 'offset' | 'elements'> {
  const outlined = tensors.find(({ name }) => name === tensor);
  if (!outlined) throw new Error(`a shard with ${tensor}, which its segment has not`);
  const spans = spansOf(outlined, slices);
  const start = countBefore(outlined.shape, spans, offset);
  return { offset: start, elements: countBefore(outlined.shape, spans, offset + elements) - start };
}

const kindOf = ({ statistic }: OutlineTensor): Pick<UnitPiece, 'kind' | 'statistic'> =>
  statistic === undefined ? { kind: 'learnt' } : { kind: 'statistic', statistic };

const piecesOf = (pieces: readonly UnitPiece[], wanted: PieceKind): UnitPiece[] =>
  pieces.filter(({ kind }) => kind === wanted);

const elementsIn = (pieces: readonly UnitPiece[]): number =>
  pieces.reduce((sum, { elements }) => sum + elements, 0);

/** The unit's learnt values out of an update's tensors, flat. If they are one piece, they share memory with the update. */
export const gatherUnit = (unit: FoldUnit, update: readonly Float32Array[]): Float32Array =>
  gather(piecesOf(unit.pieces, 'learnt'), update);

/** As `gatherUnit`, of the statistics. */
export const gatherStatistics = (unit: FoldUnit, update: readonly Float32Array[]): Float32Array =>
  gather(piecesOf(unit.pieces, 'statistic'), update);

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
