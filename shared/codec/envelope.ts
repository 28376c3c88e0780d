import * as z from 'zod';
import { dataViewOf } from '../math/bytes.ts';
import { sha256 } from '../math/sha256.ts';
import { encodeUtf8, parseJsonBytes } from '../math/utf8.ts';
import { type CodecName, type CodecSpec, codecNames } from '../protocol/codec-spec.ts';
import type { ExpectedTensor } from '../protocol/expected-tensors.ts';
import { listOf } from '../protocol/list-of.ts';
import { accepted, type Refusal, type Result, refused } from '../protocol/refusals.ts';
import { type Statistic, statisticSchema } from '../protocol/statistic.ts';
import { codecOfTensors } from './tensor-codec.ts';

/**
 * An update on its way, one binary object, little-endian (README.md, "The envelope"):
 * `HMRU` | u32 version | u32 header length | header JSON | payload | SHA-256 of all before.
 * The hash guards against damage on the way. The lease token guards against a hostile sender.
 */

export interface EnvelopeEntry {
  readonly segment: string;
  readonly tensor: string;
  /** Where in the payload the encoded tensor starts and how long it is, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** How many values the sender says it encodes. Compared with the manifest's number, never used to allocate. */
  readonly elements: number;
  /**
   * That the values are statistics themselves and not changes. Older releases sent changes of them, which would pass for
   * statistics.
   */
  readonly statistic?: Statistic | undefined;
}

export interface UpdateEnvelope {
  /** The lease's id. */
  readonly lease: string;
  readonly codec: CodecName;
  readonly table: readonly EnvelopeEntry[];
  /** A JSON object. The receiver knows what the lease asked for and parses it further. */
  readonly metrics: unknown;
  /** Shares memory with the envelope. */
  readonly payload: Uint8Array;
}

export interface UpdateTensor {
  readonly segment: string;
  readonly tensor: string;
  /** The change of a learnt tensor, or a statistic itself. */
  readonly values: Float32Array;
  /** What it observes; undefined if it is learnt. */
  readonly statistic?: Statistic | undefined;
}

const MAGIC = encodeUtf8('HMRU');
const VERSION = 1;
const PREFIX_BYTES = 12;
const HASH_BYTES = 32;
/** Room for about 2,000 tensors. More would be an attack on the parser. */
const MAX_HEADER_BYTES = 256 * 1024;
/** The longest name, in UTF-16 units. */
const MAX_NAME = 256;
/** The longest that JSON makes one UTF-16 unit: `\uXXXX`. */
const MAX_UNIT_BYTES = 6;
/** The longest JSON of the metrics, in bytes. */
export const maxMetricsBytes = 4096;

const name = z.string().min(1).max(MAX_NAME);
const size = z.int().nonnegative();
const headerSchema = z.strictObject({
  lease: name,
  codec: z.enum(codecNames),
  table: listOf(
    z.strictObject({
      segment: name,
      tensor: name,
      offset: size,
      bytes: size,
      elements: size,
      statistic: statisticSchema.optional(),
    }),
  ),
  metrics: z.record(z.string(), z.unknown()),
});

/**
 * The envelope's bytes. The tensors stay in the order given, which is that of the lease. Throws if lease, names or
 * metrics are over the limits that every receiver applies: a bug of the caller.
 */
export function encodeUpdate(update: {
  readonly lease: string;
  readonly codec: CodecSpec;
  readonly tensors: readonly UpdateTensor[];
  readonly metrics: unknown;
}): Uint8Array<ArrayBuffer> {
  const { lease, codec, tensors, metrics } = update;
  const codecFor = codecOfTensors(codec);
  const payloads = tensors.map(tensor => codecFor(tensor).encode(tensor.values));
  let offset = 0;
  const table = tensors.map(({ segment, tensor, values, statistic }, i): EnvelopeEntry => {
    const bytes = payloads[i]?.length ?? 0;
    offset += bytes;
    return { segment, tensor, offset: offset - bytes, bytes, elements: values.length, statistic };
  });
  return seal(encodeHeader({ lease, codec: codec.name, table, metrics }), payloads);
}

function encodeHeader(header: Omit<UpdateEnvelope, 'payload'>): Uint8Array {
  const bytes = encodeUtf8(JSON.stringify(headerSchema.parse(header)));
  if (bytes.length > MAX_HEADER_BYTES) throw new RangeError('too many tensors for one envelope');
  if (encodeUtf8(JSON.stringify(header.metrics)).length > maxMetricsBytes)
    throw new RangeError(`metrics are over ${maxMetricsBytes} bytes`);
  return bytes;
}

function seal(header: Uint8Array, payloads: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const payloadBytes = payloads.reduce((sum, { length }) => sum + length, 0);
  const envelope = new Uint8Array(PREFIX_BYTES + header.length + payloadBytes + HASH_BYTES);
  const data = dataViewOf(envelope);
  envelope.set(MAGIC);
  data.setUint32(4, VERSION, true);
  data.setUint32(8, header.length, true);
  let offset = PREFIX_BYTES;
  for (const piece of [header, ...payloads]) {
    envelope.set(piece, offset);
    offset += piece.length;
  }
  envelope.set(sha256(envelope.subarray(0, offset)), offset);
  return envelope;
}

/** What stands before the payload. */
export interface EnvelopeHead extends Omit<UpdateEnvelope, 'payload'> {
  /** Where the payload begins in the envelope. */
  readonly payloadAt: number;
  readonly payloadBytes: number;
  /** Of the whole envelope, as its table says. */
  readonly bytes: number;
}

/** So many of the first bytes tell how long the head is, and no head is longer than `MAX_HEAD_BYTES`. */
export const headPrefixBytes = PREFIX_BYTES;
export const MAX_HEAD_BYTES = PREFIX_BYTES + MAX_HEADER_BYTES;
export const envelopeHashBytes = HASH_BYTES;

/** How many bytes the head has, by the first twelve. Refused as `malformed` if this is no envelope of ours. */
export function headLength(prefix: Uint8Array): Result<number> {
  if (prefix.length < PREFIX_BYTES) return refused('malformed', 'shorter than an envelope');
  if (!sameBytes(prefix.subarray(0, MAGIC.length), MAGIC))
    return refused('malformed', 'not an update envelope');
  const data = dataViewOf(prefix);
  const version = data.getUint32(4, true);
  if (version !== VERSION) return refused('malformed', `envelope version ${version}, not ${VERSION}`);
  const length = PREFIX_BYTES + data.getUint32(8, true);
  return length > MAX_HEAD_BYTES ? tooLongHead : accepted(length);
}

const tooLongHead = refused('malformed', 'the header is longer than allowed or than the envelope');

/** The head in its bytes, all of them. Refused as `malformed` if it is not of the agreed form. */
export function parseHead(head: Uint8Array): Result<EnvelopeHead> {
  const header = headerSchema.safeParse(parseJsonBytes(head.subarray(PREFIX_BYTES)));
  if (!header.success) return refused('malformed', 'the header is not of the agreed form');
  const payloadBytes = lengthOfTable(header.data.table);
  if (payloadBytes === null) return otherTable;
  const bytes = head.length + payloadBytes + HASH_BYTES;
  return accepted({ ...header.data, payloadAt: head.length, payloadBytes, bytes });
}

const otherTable = refused('malformed', 'the table is not exactly the payload, one entry after another');

/** Null if its entries do not lie one after another. */
function lengthOfTable(table: readonly EnvelopeEntry[]): number | null {
  let end = 0;
  for (const { offset, bytes } of table) {
    if (offset !== end) return null;
    end += bytes;
  }
  return end;
}

/**
 * What is in an envelope, checked in form but not yet decoded. Refused: `wrong-hash` if a byte changed on the way,
 * `malformed` if anything else is not as described. Allocates the header only, at most 256 KiB of it.
 */
export function openEnvelope(bytes: Uint8Array): Result<UpdateEnvelope> {
  if (bytes.length < PREFIX_BYTES + HASH_BYTES) return refused('malformed', 'shorter than an envelope');
  const length = headLength(bytes);
  if (!length.ok) return length;
  const hashStart = bytes.length - HASH_BYTES;
  if (length.value > hashStart) return tooLongHead;
  if (!sameBytes(sha256(bytes.subarray(0, hashStart)), bytes.subarray(hashStart)))
    return refused('wrong-hash');
  const head = parseHead(bytes.subarray(0, length.value));
  if (!head.ok) return head;
  if (head.value.bytes !== bytes.length) return otherTable;
  const { lease, codec, table, metrics } = head.value;
  return accepted({ lease, codec, table, metrics, payload: bytes.subarray(length.value, hashStart) });
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** What the receiver of an update knows of it before it comes. */
export interface Expected {
  readonly codec: CodecSpec;
  readonly tensors: readonly ExpectedTensor[];
}

/**
 * Whether codec and table are those that are expected. Refused: `wrong-codec`; `wrong-table` unless the table names
 * exactly the expected tensors, in order, with their numbers of elements and what is a statistic.
 */
export function checkTable(
  { codec, table }: Pick<UpdateEnvelope, 'codec' | 'table'>,
  expected: Expected,
): Result<true> {
  if (codec !== expected.codec.name) return refused('wrong-codec', `${codec}, not ${expected.codec.name}`);
  if (table.length !== expected.tensors.length)
    return refused('wrong-table', whyOtherNumber(table.length, expected.tensors.length));
  if (!table.every((entry, i) => isSameTensor(entry, expected.tensors[i])))
    return refused('wrong-table', whyOther(table, expected.tensors));
  return accepted(true);
}

/**
 * The update's values: one array for each expected tensor, in that order, in memory of their own. Refused: as
 * `checkTable`, and `bad-payload` or `not-finite` from the codec. A statistic may have any value here, NaN too. What is
 * allocated depends on `expected` alone.
 */
export function decodeUpdate(
  envelope: UpdateEnvelope,
  expected: Expected,
): Result<Float32Array<ArrayBuffer>[]> {
  // The whole table is checked first: a wrong one must not cost the memory of the tensors before its fault.
  const known = checkTable(envelope, expected);
  if (!known.ok) return known;
  const { table, payload } = envelope;
  const codecFor = codecOfTensors(expected.codec);
  const update: Float32Array<ArrayBuffer>[] = [];
  for (const [i, { tensor, offset, bytes, elements }] of table.entries()) {
    const { decode } = codecFor({ statistic: expected.tensors[i]?.statistic });
    const values = decode(payload.subarray(offset, offset + bytes), elements);
    if (!values.ok) return ofTensor(tensor, values);
    update.push(values.value);
  }
  return accepted(update);
}

/** The refusal of a tensor's payload, with its name. */
export const ofTensor = (tensor: string, { reason, detail }: Refusal): Refusal =>
  refused(reason, detail === undefined ? tensor : `${tensor}: ${detail}`);

const isSameTensor = (entry: EnvelopeEntry, expected: ExpectedTensor | undefined): boolean =>
  entry.segment === expected?.segment &&
  entry.tensor === expected.tensor &&
  entry.elements === expected.elements &&
  entry.statistic === expected.statistic;

/** A volunteer of an older release cannot know better, so it is told what to do. */
const whatToDo = 'reload the page, or update the command';

/** Older releases send frozen tensors too. */
const whyOtherNumber = (found: number, expected: number): string =>
  `${found} tensors, not ${expected}${found > expected ? `: if an older release sent it, ${whatToDo}` : ''}`;

const whyOther = (table: readonly EnvelopeEntry[], expected: readonly ExpectedTensor[]): string =>
  expected.some(({ statistic }) => statistic !== undefined) &&
  table.every(({ statistic }) => statistic === undefined)
    ? `it sends changes of statistics, as older releases do: ${whatToDo}`
    : 'other tensors, another order or other sizes than the lease has';

/**
 * The byte allowance of a lease: no honest envelope of these tensors is larger, whatever its values, its lease id and
 * (within `maxMetricsBytes`) its metrics.
 */
export function maxEnvelopeBytes(codec: CodecSpec, tensors: readonly ExpectedTensor[]): number {
  const codecFor = codecOfTensors(codec);
  const maxBytes = (tensor: ExpectedTensor): number => codecFor(tensor).maxBytes(tensor.elements);
  const payloadBytes = tensors.reduce((sum, tensor) => sum + maxBytes(tensor), 0);
  // Every offset has the digits of the largest one here: an upper bound on the text of every entry.
  const table = tensors.map(expected => {
    const { segment, tensor, elements, statistic } = expected;
    return { segment, tensor, offset: payloadBytes, bytes: maxBytes(expected), elements, statistic };
  });
  const frame = encodeUtf8(JSON.stringify({ lease: '', codec: codec.name, table, metrics: {} })).length;
  const header = frame + MAX_NAME * MAX_UNIT_BYTES + maxMetricsBytes;
  return PREFIX_BYTES + Math.min(header, MAX_HEADER_BYTES) + payloadBytes + HASH_BYTES;
}
