import * as z from 'zod';
import { dataViewOf } from '../math/bytes.ts';
import { encodeUtf8, parseJsonBytes } from '../math/utf8.ts';
import { elementsOf } from '../protocol/elements-of.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { shareFloats, writeFloats } from './little-endian.ts';

/**
 * Safetensors (https://github.com/huggingface/safetensors, "Format"): u64 header length, JSON header, data. Only F32 is
 * written and read here: stored weights are F32.
 */

export interface TensorSpec {
  readonly name: string;
  /** Sizes, outermost first; [] is a scalar of one element. */
  readonly shape: readonly number[];
}

export interface NamedTensor extends TensorSpec {
  /** Row-major; its length is the product of `shape`. */
  readonly values: Float32Array;
}

export const elementCount = ({ shape }: Pick<TensorSpec, 'shape'>): number => elementsOf(shape);

const LENGTH_BYTES = 8;
const METADATA = '__metadata__';

/**
 * One file: tensors in the order given. The header is padded with spaces, as the format allows, so that the data is
 * 8-byte aligned. Throws if a name is given twice or a tensor's values do not fill its shape: bugs of the caller.
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header = encodeHeader(tensors, metadata);
  let offset = LENGTH_BYTES + header.length;
  const bytes = new Uint8Array(tensors.reduce((end, { values }) => end + 4 * values.length, offset));
  const data = dataViewOf(bytes);
  data.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  for (const { values } of tensors) {
    writeFloats(data, offset, values);
    offset += 4 * values.length;
  }
  return bytes;
}

function encodeHeader(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> | undefined,
): Uint8Array {
  const entries = new Map<string, unknown>(metadata ? [[METADATA, metadata]] : []);
  let begin = 0;
  for (const tensor of tensors) {
    checkTensor(tensor, entries);
    const end = begin + 4 * tensor.values.length;
    entries.set(tensor.name, { dtype: 'F32', shape: tensor.shape, data_offsets: [begin, end] });
    begin = end;
  }
  const json = encodeUtf8(JSON.stringify(Object.fromEntries(entries)));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}

function checkTensor(tensor: NamedTensor, taken: ReadonlyMap<string, unknown>): void {
  if (tensor.name === METADATA || taken.has(tensor.name))
    throw new Error(`tensor name ${tensor.name} is taken`);
  if (tensor.values.length !== elementCount(tensor))
    throw new Error(`tensor ${tensor.name} does not fill its shape`);
}

const size = z.int().nonnegative();
/** No weight has more axes. A list that is longer is not read. */
const MAX_RANK = 8;

const headerEntry = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(size).max(MAX_RANK),
  data_offsets: z.tuple([size, size]),
});

interface Placed extends TensorSpec {
  readonly begin: number;
  readonly end: number;
}

/**
 * The tensors of a file in the order of their data. Values share memory with `bytes` if alignment allows, else they are
 * copies.
 * Refused as `malformed`: a header longer than the file or not of the format, a dtype other than F32, data that is not
 * exactly the tensors one after another, a shape that is not its data.
 */
export function decodeSafetensors(bytes: Uint8Array): Result<NamedTensor[]> {
  const header = readHeader(bytes);
  if (!header.ok) return header;
  const { placed, dataStart } = header.value;
  let end = 0;
  for (const tensor of placed) {
    if (tensor.begin !== end) return refused('malformed', `data of ${tensor.name} overlaps or leaves a gap`);
    if (tensor.end - tensor.begin !== 4 * elementCount(tensor))
      return refused('malformed', `data of ${tensor.name} does not fill its shape`);
    end = tensor.end;
  }
  if (dataStart + end !== bytes.length)
    return refused('malformed', 'the file does not end where its data does');
  return accepted(
    placed.map(({ name, shape, begin, end }) => {
      return { name, shape, values: shareFloats(bytes, dataStart + begin, (end - begin) / 4) };
    }),
  );
}

function readHeader(bytes: Uint8Array): Result<{ placed: Placed[]; dataStart: number }> {
  if (bytes.length < LENGTH_BYTES) return refused('malformed', 'shorter than a safetensors header');
  const length = dataViewOf(bytes).getBigUint64(0, true);
  if (length > bytes.length - LENGTH_BYTES) return refused('malformed', 'the header is longer than the file');
  const dataStart = LENGTH_BYTES + Number(length);
  const header = parseJsonBytes(bytes.subarray(LENGTH_BYTES, dataStart));
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return refused('malformed', 'the header is not a JSON object');
  const placed: Placed[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) continue;
    const entry = headerEntry.safeParse(value);
    if (!entry.success) return refused('malformed', `tensor ${name} is not described as F32 data`);
    const [begin, end] = entry.data.data_offsets;
    placed.push({ name, shape: entry.data.shape, begin, end });
  }
  // Sorted by data, not by key: JavaScript puts keys such as "0" first, and other writers sort by name.
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  return accepted({ placed, dataStart });
}
