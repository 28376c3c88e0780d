import { largestMagnitude } from '../aggregation/exact-sum.ts';
import { addSquares } from '../aggregation/update-norm.ts';
import type { UpdateSketch } from '../aggregation/update-sketch.ts';
import { type EnvelopeEntry, ofTensor } from '../codec/envelope.ts';
import { codecOfTensors } from '../codec/tensor-codec.ts';
import type { UpdateCodec } from '../codec/update-codec.ts';
import { concatBytes } from '../math/bytes.ts';
import type { CodecSpec } from '../protocol/codec-spec.ts';
import type { ExpectedTensor } from '../protocol/expected-tensors.ts';
import { type Refusal, refused } from '../protocol/refusals.ts';
import { whyImpossible } from '../protocol/statistic.ts';
import { type CheckedTensor, isLearnt, whyTooLarge } from './check-update.ts';

/** So many values are decoded at a time. */
const DECODED_AT_ONCE = 65_536;

/**
 * An update's payload while it passes by: whether every value is one that it can have (ACC7), and the norm of the
 * changes. A chunk may end in the midst of a value.
 */
export class PassingValues {
  /** Set as soon as a payload does not decode. What comes after it is passed over. */
  fault: Refusal | null = null;
  private readonly tensors: readonly CheckedTensor[];
  private readonly table: readonly EnvelopeEntry[];
  private readonly codecFor: (tensor: ExpectedTensor) => UpdateCodec;
  private readonly sketch: UpdateSketch | null;
  /** The largest change so far of each tensor; 0 for a statistic. */
  private readonly peaks: number[];
  private squares = 0;
  /** The values themselves, if they are wanted. */
  private readonly kept: readonly Float32Array[] | null;
  private filled = 0;
  private impossible: string | null = null;
  /** Which tensor is passing, and how many of its bytes were decoded. */
  private tensor = 0;
  private decoded = 0;
  private carried: Uint8Array[] = [];
  private carriedBytes = 0;

  /**
   * @param table that was found to be of these tensors
   * @param keeps whether the values are kept
   * @param sketch is given the changes of what is learnt
   */
  constructor(
    codec: CodecSpec,
    tensors: readonly CheckedTensor[],
    table: readonly EnvelopeEntry[],
    keeps: boolean,
    sketch: UpdateSketch | null = null,
  ) {
    this.sketch = sketch;
    this.kept = keeps ? tensors.map(({ elements }) => new Float32Array(elements)) : null;
    this.tensors = tensors;
    this.table = table;
    this.codecFor = codecOfTensors(codec);
    this.peaks = tensors.map(() => 0);
  }

  get norm(): number {
    return Math.sqrt(this.squares);
  }

  /** One array for each tensor, in their order. Null if they are not kept. */
  get values(): readonly Float32Array[] | null {
    return this.kept;
  }

  /** After the last bytes. What is learnt is judged first: weights that run away take the statistics along. */
  judge(): Refusal | null {
    this.add(new Uint8Array(0));
    if (this.fault) return this.fault;
    const peaks = this.peaks.filter((_, i) => this.tensors[i] !== undefined && isLearnt(this.tensors[i]));
    const tooLarge = whyTooLarge(this.tensors.filter(isLearnt), peaks);
    if (tooLarge !== null) return refused('out-of-range', tooLarge);
    return this.impossible === null ? null : refused('bad-statistics', this.impossible);
  }

  /** The next bytes of the payload. What is beyond it is passed over. */
  add(bytes: Uint8Array): void {
    let rest = bytes;
    for (;;) {
      const [entry, tensor] = [this.table[this.tensor], this.tensors[this.tensor]];
      if (!entry || !tensor || this.fault) return;
      const left = entry.bytes - this.decoded - this.carriedBytes;
      const taken = rest.subarray(0, left);
      rest = rest.subarray(taken.length);
      this.addTo(entry, tensor, taken);
      if (taken.length < left) return;
      this.tensor += 1;
      this.decoded = 0;
      this.filled = 0;
    }
  }

  private addTo(entry: EnvelopeEntry, tensor: ExpectedTensor, bytes: Uint8Array): void {
    const codec = this.codecFor(tensor);
    // What cannot be its payload is not gathered.
    if (entry.bytes > codec.maxBytes(tensor.elements) || isUneven(codec, entry)) {
      this.fault = refused(
        'bad-payload',
        `${tensor.tensor}: ${entry.bytes} bytes for ${entry.elements} values`,
      );
      return;
    }
    // A chunk may be used again once it has passed.
    this.carry(codec.stride === undefined ? bytes.slice() : bytes);
    if (codec.stride !== undefined) this.decodeRun(codec, codec.stride, tensor);
    else if (this.carriedBytes === entry.bytes) this.decode(codec, tensor, this.joined(), tensor.elements);
  }

  private carry(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.carried.push(bytes);
    this.carriedBytes += bytes.length;
  }

  private joined(): Uint8Array {
    const [only] = this.carried;
    const joined = only && this.carried.length === 1 ? only : concatBytes(this.carried);
    this.carried = [];
    this.carriedBytes = 0;
    return joined;
  }

  /** All values that are here whole. */
  private decodeRun(codec: UpdateCodec, stride: number, tensor: ExpectedTensor): void {
    const bytes = this.joined();
    const values = Math.floor(bytes.length / stride);
    for (let start = 0; start < values; start += DECODED_AT_ONCE) {
      const count = Math.min(DECODED_AT_ONCE, values - start);
      this.decode(codec, tensor, bytes.subarray(start * stride, (start + count) * stride), count);
    }
    this.carry(bytes.slice(values * stride));
  }

  private decode(codec: UpdateCodec, tensor: ExpectedTensor, payload: Uint8Array, elements: number): void {
    this.decoded += payload.length;
    const values = codec.decode(payload, elements);
    if (values.ok) {
      this.kept?.[this.tensor]?.set(values.value, this.filled);
      this.filled += elements;
    }
    if (!values.ok) this.fault ??= ofTensor(tensor.tensor, values);
    else if (tensor.statistic)
      this.impossible ??= whyImpossible(tensor.tensor, tensor.statistic, values.value);
    else {
      this.peaks[this.tensor] = Math.max(this.peaks[this.tensor] ?? 0, largestMagnitude(values.value));
      this.squares = addSquares(this.squares, values.value);
      this.sketch?.add(values.value);
    }
  }
}

const isUneven = ({ stride }: UpdateCodec, { bytes, elements }: EnvelopeEntry): boolean =>
  stride !== undefined && bytes !== stride * elements;
