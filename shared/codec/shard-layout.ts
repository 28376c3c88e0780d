import { accepted, type Result, refused } from '../protocol/refusals.ts';
import {
  decodeSafetensors,
  elementCount,
  encodeSafetensors,
  type NamedTensor,
  type TensorSpec,
} from './safetensors.ts';

export { elementCount } from './safetensors.ts';

/** Consecutive elements of one tensor, row-major. */
export interface Piece {
  readonly tensor: string;
  /** Where in the tensor the piece starts, in elements. */
  readonly offset: number;
  readonly elements: number;
}

/** What lies in one file. */
export type Shard = readonly Piece[];

export type ShardLayout = readonly Shard[];

/** About 1 MB: small enough for one SQLite row, for memory by the dozen and for a phone's retry. */
export const defaultShardBytes = 1_000_000;

/**
 * Cuts a segment into shards of at most `maxBytes` of data each (the header of a file comes on top). Pieces follow the
 * tensors' order; a tensor is cut only where it is larger than a whole shard. Depends on names and shapes alone.
 */
export function layoutShards(tensors: readonly TensorSpec[], maxBytes = defaultShardBytes): ShardLayout {
  const capacity = Math.floor(maxBytes / 4);
  if (!(capacity >= 1)) throw new RangeError(`a shard of ${maxBytes} bytes holds no element`);
  const shards: Piece[][] = [];
  let room = -1;
  const put = (piece: Piece): void => {
    if (piece.elements > room) {
      shards.push([]);
      room = capacity;
    }
    shards.at(-1)?.push(piece);
    room -= piece.elements;
  };
  for (const tensor of tensors) for (const piece of cut(tensor, capacity)) put(piece);
  return shards;
}

/** Whole where it fits a shard, else in slices of a shard each and a rest. */
function cut(tensor: TensorSpec, capacity: number): Piece[] {
  const total = elementCount(tensor);
  const pieces: Piece[] = [];
  for (let offset = 0; offset < total || offset === 0; offset += capacity)
    pieces.push({ tensor: tensor.name, offset, elements: Math.min(capacity, total - offset) });
  return pieces;
}

/**
 * One safetensors file a shard. A whole tensor keeps its name and shape, a slice is named `name@offset` and is flat.
 * Throws where the layout is not of these tensors.
 */
export function writeShards(tensors: readonly NamedTensor[], layout: ShardLayout): Uint8Array<ArrayBuffer>[] {
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]));
  return layout.map(shard => encodeSafetensors(shard.map(piece => sliceOf(byName.get(piece.tensor), piece))));
}

function sliceOf(tensor: NamedTensor | undefined, { tensor: name, offset, elements }: Piece): NamedTensor {
  if (!tensor || offset + elements > tensor.values.length)
    throw new Error(`the layout has elements of ${name} that the tensors have not`);
  if (elements === tensor.values.length) return tensor;
  const values = tensor.values.subarray(offset, offset + elements);
  return { name: `${name}@${offset}`, shape: [elements], values };
}

/**
 * The segment's tensors from its files, in the order of the layout they were written with (whatever its shard size).
 * Values of an uncut tensor may share memory with its file. Refused: `malformed` where a file is not safetensors,
 * `wrong-table` where the files do not hold exactly these tensors. Memory is taken by `tensors`, never by a file.
 */
export function readShards(
  tensors: readonly TensorSpec[],
  files: readonly Uint8Array[],
): Result<NamedTensor[]> {
  const decodedFiles: NamedTensor[][] = [];
  for (const file of files) {
    const decoded = decodeSafetensors(file);
    if (!decoded.ok) return decoded;
    decodedFiles.push(decoded.value);
  }
  const parts = decodedFiles.flat();
  const result: NamedTensor[] = [];
  let next = 0;
  for (const spec of tensors) {
    const taken = isWhole(parts[next], spec) ? 1 : slicesOf(parts, next, spec);
    if (taken === 0) return refused('wrong-table', `tensor ${spec.name} is missing, misplaced or incomplete`);
    result.push(assemble(spec, parts.slice(next, next + taken)));
    next += taken;
  }
  if (next < parts.length) return refused('wrong-table', `${parts[next]?.name} belongs to no tensor`);
  return accepted(result);
}

const isWhole = (part: NamedTensor | undefined, { name, shape }: TensorSpec): boolean =>
  part?.name === name &&
  part.shape.length === shape.length &&
  part.shape.every((size, axis) => size === shape[axis]);

/** How many parts from `next` on are the tensor's slices, all of them and in order; 0 where they are not. */
function slicesOf(parts: readonly NamedTensor[], next: number, spec: TensorSpec): number {
  const total = elementCount(spec);
  let taken = 0;
  for (let offset = 0; offset < total; taken++) {
    const part = parts[next + taken];
    if (!part || part.values.length === 0) return 0;
    if (!isWhole(part, { name: `${spec.name}@${offset}`, shape: [part.values.length] })) return 0;
    offset += part.values.length;
    if (offset > total) return 0;
  }
  return taken;
}

function assemble({ name, shape }: TensorSpec, parts: readonly NamedTensor[]): NamedTensor {
  const [only] = parts;
  if (only && parts.length === 1) return { name, shape, values: only.values };
  const values = new Float32Array(elementCount({ shape }));
  let offset = 0;
  for (const part of parts) {
    values.set(part.values, offset);
    offset += part.values.length;
  }
  return { name, shape, values };
}
