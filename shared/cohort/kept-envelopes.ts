import type { FoldUnit, UnitPiece } from '../aggregation/fold-units.ts';
import type { UnitValues } from '../aggregation/partial-sums.ts';
import { headLength, headPrefixBytes, parseHead } from '../codec/envelope.ts';
import { codecOfTensors } from '../codec/tensor-codec.ts';
import type { UpdateCodec } from '../codec/update-codec.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import type { Task } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { Envelopes, KeptUpdate } from './ports.ts';

/** What the updates of a role are of. */
export type SummedTask = Pick<Task, 'trains' | 'slices'>;

/** Heads are hardly ever longer. */
const FIRST_READ_BYTES = 16_384;

/** Where the tensors of an envelope lie in it: the first byte of each, and behind the last one its end. */
type Places = Float64Array;

/** Part of an envelope, and where it begins in it. */
interface Excerpt {
  readonly bytes: Uint8Array;
  readonly from: number;
}

/**
 * Reads the envelopes of a task's accepted updates, some shards at a time. They were checked when they came, so they are
 * neither hashed nor judged again. Where tensors lie is remembered, so that each head is read once.
 */
export class KeptEnvelopes {
  private readonly envelopes: Envelopes;
  private readonly codecs: readonly UpdateCodec[];
  private readonly elements: readonly number[];
  private readonly places = new Map<string, Promise<Places>>();

  constructor({ model, spec }: RunConfig, { trains, slices }: SummedTask, envelopes: Envelopes) {
    const tensors = expectedTensors(model, trains, slices);
    this.envelopes = envelopes;
    this.codecs = tensors.map(codecOfTensors(spec.codec));
    this.elements = tensors.map(({ elements }) => elements);
  }

  /**
   * What an update says of these shards, in their order. Memory holds the encoded and the decoded values.
   * @param units that follow each other, so that their values do too
   * @throws if the envelope is missing or does not decode
   */
  async read(update: KeptUpdate, units: readonly FoldUnit[]): Promise<UnitValues[]> {
    const places = await this.placesOf(update);
    const spans = units.flatMap(({ pieces }) =>
      pieces.filter(isCarried).map(piece => this.spanOf(piece, places)),
    );
    const from = spans.reduce((first, [start]) => Math.min(first, start), Number.POSITIVE_INFINITY);
    const to = spans.reduce((last, [, end]) => Math.max(last, end), 0);
    if (to <= from)
      return units.map(() => ({ learnt: new Float32Array(0), statistics: new Float32Array(0) }));
    const excerpt = { bytes: await this.envelopes.read(update, from, to - from), from };
    if (excerpt.bytes.length !== to - from)
      throw new Error(`the kept update of lease ${update.lease} is cut off`);
    const reader = new PieceReader(update.lease, this.codecs, this.elements, places, excerpt);
    return units.map(unit => ({
      learnt: reader.flat(unit, 'learnt'),
      statistics: reader.flat(unit, 'statistic'),
    }));
  }

  /** How many values are decoded to read these shards of an update: those of whole tensors, if a codec must. */
  decodes(units: readonly FoldUnit[]): number {
    const whole = new Set<number>();
    let values = 0;
    for (const { tensor, elements } of units.flatMap(({ pieces }) => pieces.filter(isCarried)))
      if (this.codecs[tensor]?.stride === undefined) whole.add(tensor);
      else values += elements;
    for (const tensor of whole) values += this.elements[tensor] ?? 0;
    return values;
  }

  /** One that lies in the log is here whole each time, so its head need not be remembered. */
  private placesOf(update: KeptUpdate): Promise<Places> {
    const known = this.places.get(update.lease);
    if (known) return known;
    const found = this.findPlaces(update);
    // At once: another group may ask while the head is read.
    if (!('bytes' in update.place)) this.places.set(update.lease, found);
    return found;
  }

  private async findPlaces(update: KeptUpdate): Promise<Places> {
    const first = await this.envelopes.read(update, 0, FIRST_READ_BYTES);
    const length = headLength(first.subarray(0, headPrefixBytes));
    if (!length.ok) throw notReadable(update.lease, length.reason);
    const isHere = length.value <= first.length;
    const bytes = isHere
      ? first.subarray(0, length.value)
      : await this.envelopes.read(update, 0, length.value);
    const head = parseHead(bytes);
    if (!head.ok) throw notReadable(update.lease, head.reason);
    const { table, payloadAt, payloadBytes } = head.value;
    return Float64Array.from([...table.map(({ offset }) => offset), payloadBytes], at => payloadAt + at);
  }

  /** The bytes that a piece is decoded from: its own, or those of its whole tensor. */
  private spanOf({ tensor, offset, elements }: UnitPiece, places: Places): readonly [number, number] {
    const [start = 0, end = 0] = places.subarray(tensor, tensor + 2);
    const stride = this.codecs[tensor]?.stride;
    return stride === undefined
      ? [start, end]
      : [start + offset * stride, start + (offset + elements) * stride];
  }
}

const isCarried = ({ tensor }: UnitPiece): boolean => tensor >= 0;

const notReadable = (lease: string, why: string): Error =>
  new Error(`the kept update of lease ${lease} does not decode: ${why}`);

/** Decodes pieces out of an excerpt. The tensor that was decoded last is kept, if it had to be decoded whole. */
class PieceReader {
  private readonly lease: string;
  private readonly codecs: readonly UpdateCodec[];
  private readonly elements: readonly number[];
  private readonly places: Places;
  private readonly excerpt: Excerpt;
  private last = { tensor: -1, values: new Float32Array(0) };

  constructor(
    lease: string,
    codecs: readonly UpdateCodec[],
    elements: readonly number[],
    places: Places,
    excerpt: Excerpt,
  ) {
    this.lease = lease;
    this.codecs = codecs;
    this.elements = elements;
    this.places = places;
    this.excerpt = excerpt;
  }

  /** The unit's values of a kind, one piece after another. */
  flat({ pieces, elements, statistics }: FoldUnit, kind: UnitPiece['kind']): Float32Array {
    const wanted = pieces.filter(piece => piece.kind === kind);
    const [only] = wanted;
    if (only && wanted.length === 1) return this.decode(only);
    const flat = new Float32Array(kind === 'learnt' ? elements : statistics);
    let end = 0;
    for (const piece of wanted) {
      flat.set(this.decode(piece), end);
      end += piece.elements;
    }
    return flat;
  }

  private decode({ tensor, offset, elements }: UnitPiece): Float32Array {
    const codec = this.codecs[tensor];
    if (!codec) throw notReadable(this.lease, 'it lacks a tensor');
    const [start = 0, end = 0] = this.places.subarray(tensor, tensor + 2);
    const { stride } = codec;
    if (stride !== undefined) {
      const at = start + offset * stride;
      return this.must(codec.decode(this.bytes(at, at + elements * stride), elements));
    }
    if (this.last.tensor !== tensor)
      this.last = {
        tensor,
        values: this.must(codec.decode(this.bytes(start, end), this.elements[tensor] ?? 0)),
      };
    return this.last.values.subarray(offset, offset + elements);
  }

  private bytes(start: number, end: number): Uint8Array {
    const { bytes, from } = this.excerpt;
    return bytes.subarray(start - from, end - from);
  }

  private must(decoded: ReturnType<UpdateCodec['decode']>): Float32Array<ArrayBuffer> {
    if (!decoded.ok) throw notReadable(this.lease, decoded.reason);
    return decoded.value;
  }
}
