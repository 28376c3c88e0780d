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
 * tensors' order; a tensor is cut only if it is larger than a whole shard. Depends on names and shapes alone.
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

/** Whole if it fits a shard, else in slices of a shard each and a rest. */
function cut(tensor: TensorSpec, capacity: number): Piece[] {
  const total = elementCount(tensor);
  const pieces: Piece[] = [];
  for (let offset = 0; offset < total || offset === 0; offset += capacity)
    pieces.push({ tensor: tensor.name, offset, elements: Math.min(capacity, total - offset) });
  return pieces;
}

/**
 * One safetensors file a shard. A whole tensor keeps its name and shape, a slice is named `name@offset` and is flat.
 * Throws if the layout is not of these tensors.
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
 * Values of an uncut tensor may share memory with its file. Refused: `malformed` if a file is not safetensors,
 * `wrong-table` if the files do not hold exactly these tensors. How much memory is taken depends on `tensors` alone.
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
  const stored = decodedFiles.flat();
  const result: NamedTensor[] = [];
  let next = 0;
  for (const spec of tensors) {
    const taken = isWhole(stored[next], spec) ? 1 : slicesOf(stored, next, spec);
    if (taken === 0) return refused('wrong-table', `tensor ${spec.name} is missing, misplaced or incomplete`);
    result.push(assemble(spec, stored.slice(next, next + taken)));
    next += taken;
  }
  if (next < stored.length) return refused('wrong-table', `${stored[next]?.name} belongs to no tensor`);
  return accepted(result);
}

const isWhole = (tensor: NamedTensor | undefined, { name, shape }: TensorSpec): boolean =>
  tensor?.name === name &&
  tensor.shape.length === shape.length &&
  tensor.shape.every((size, axis) => size === shape[axis]);

/**
 * How many of the stored arrays from `next` on are the tensor's slices, all of them and in order; 0 if they are not.
 */
function slicesOf(stored: readonly NamedTensor[], next: number, spec: TensorSpec): number {
  const total = elementCount(spec);
  let taken = 0;
  for (let offset = 0; offset < total; taken++) {
    const slice = stored[next + taken];
    if (!slice || slice.values.length === 0) return 0;
    if (!isWhole(slice, { name: `${spec.name}@${offset}`, shape: [slice.values.length] })) return 0;
    offset += slice.values.length;
    if (offset > total) return 0;
  }
  return taken;
}

function assemble({ name, shape }: TensorSpec, slices: readonly NamedTensor[]): NamedTensor {
  const [only] = slices;
  if (only && slices.length === 1) return { name, shape, values: only.values };
  const values = new Float32Array(elementCount({ shape }));
  let offset = 0;
  for (const slice of slices) {
    values.set(slice.values, offset);
    offset += slice.values.length;
  }
  return { name, shape, values };
}
