import { decodeSafetensors, encodeSafetensors, type TensorSpec } from '../codec/safetensors.ts';
import { layoutShards } from '../codec/shard-layout.ts';
import type { ModelOutline, Segment } from '../protocol/model-outline.ts';

/** The moving averages that follow these segments. A fold of the segments moves them. */
export const averagesOf = (model: ModelOutline, trains: readonly string[]): Segment[] =>
  model.segments.filter(({ kind, of }) => kind === 'average' && trains.includes(of ?? ''));

/**
 * What a round keeps of an average: its decay, once for each local step of the round's mean lease. In Su et al.,
 * arXiv 2407.05623, an average moves at each step. Here the steps are the volunteers', and their weights come once a
 * round.
 * @param examples of each lease whose update was accepted
 */
export function keptInRound(
  decay: number,
  examples: readonly number[],
  { batch, epochs }: { readonly batch: number; readonly epochs: number },
): number {
  const mean = examples.reduce((sum, count) => sum + count, 0) / Math.max(1, examples.length);
  return wholePower(decay, Math.ceil(mean / batch) * epochs);
}

/** It is computed by squaring, since `Math.pow` may differ in its last bit from one engine to the next. */
function wholePower(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  const half = wholePower(base, Math.floor(exponent / 2));
  return exponent % 2 === 0 ? half * half : half * half * base;
}

/** Consecutive elements of a shard, counted over all its tensors. */
export interface ShardSpan {
  readonly shard: number;
  readonly from: number;
  readonly elements: number;
}

/**
 * Where the elements of each shard of `followed` lie in the shards of `whole`, in order.
 * @param followed tensors of `whole`, by name. They need not be cut into shards at the same places
 */
export const spansOf = (whole: readonly TensorSpec[], followed: readonly TensorSpec[]): ShardSpan[][] => {
  const places = placesOf(whole);
  return layoutShards(followed).map(shard =>
    shard.flatMap(({ tensor, offset, elements }) =>
      places
        .filter(place => place.tensor === tensor)
        .map(place => ({ ...place, ...overlap(place, { offset, elements }) }))
        .filter(place => place.elements > 0)
        .map(place => ({ shard: place.shard, from: place.from, elements: place.elements })),
    ),
  );
};

interface Place extends ShardSpan {
  readonly tensor: string;
  /** Where its first element is in its tensor. */
  readonly offset: number;
}

const placesOf = (tensors: readonly TensorSpec[]): Place[] =>
  layoutShards(tensors).flatMap((pieces, shard) => {
    let from = 0;
    return pieces.map(({ tensor, offset, elements }) => {
      const place = { tensor, offset, elements, shard, from };
      from += elements;
      return place;
    });
  });

/** The elements that a place shares with a piece of the same tensor, and where they begin in the place's shard. */
function overlap(
  place: Place,
  piece: Pick<Place, 'offset' | 'elements'>,
): Pick<ShardSpan, 'from' | 'elements'> {
  const first = Math.max(place.offset, piece.offset);
  const end = Math.min(place.offset + place.elements, piece.offset + piece.elements);
  return { from: place.from + first - place.offset, elements: end - first };
}

/**
 * A shard's values one after another.
 * @throws if the file does not decode: shards come from our own storage, checked by hash
 */
export function valuesOf(shard: Uint8Array): Float32Array<ArrayBuffer> {
  const decoded = decodeSafetensors(shard);
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  const flat = new Float32Array(decoded.value.reduce((sum, { values }) => sum + values.length, 0));
  let end = 0;
  for (const { values } of decoded.value) {
    flat.set(values, end);
    end += values.length;
  }
  return flat;
}

/**
 * An average's next shard: kept · old + (1 − kept) · fresh, rounded once to f32.
 * @param fresh new weights of the same elements, flat, in the file's order
 * @throws if the file is not a shard of that many elements
 */
export function movedShard(shard: Uint8Array, fresh: Float32Array, kept: number): Uint8Array<ArrayBuffer> {
  const decoded = decodeSafetensors(shard);
  if (!decoded.ok) throw new Error(`a stored shard does not decode: ${decoded.detail}`);
  let end = 0;
  const moved = decoded.value.map(tensor => {
    const news = fresh.subarray(end, end + tensor.values.length);
    end += tensor.values.length;
    return { ...tensor, values: moveTowards(tensor.values, news, kept) };
  });
  if (end !== fresh.length) throw new Error(`a shard of ${end} elements, new weights of ${fresh.length}`);
  return encodeSafetensors(moved);
}

function moveTowards(old: Float32Array, fresh: Float32Array, kept: number): Float32Array<ArrayBuffer> {
  const next = new Float32Array(old.length);
  for (let i = 0; i < next.length; i++)
    next[i] = kept * (old[i] as number) + (1 - kept) * (fresh[i] as number);
  return next;
}
