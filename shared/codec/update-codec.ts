import type { Result } from '../protocol/refusals.ts';

/**
 * How one tensor of an update becomes bytes and values again, by settings that are bound in it. Deterministic: the same
 * bytes on every platform.
 */
export interface UpdateCodec {
  /** Turns the finite values of one tensor into its payload, which is at most `maxBytes(values.length)` long. */
  encode(values: Float32Array): Uint8Array<ArrayBuffer>;
  /**
   * Turns a payload back into exactly `elements` values, in memory of their own. `elements` comes from the manifest,
   * never from the sender, and bounds what is allocated. Refused: `bad-payload` if the bytes are not of this codec or
   * not of that many values, `not-finite` if one of them is not a finite number. Never throws.
   */
  decode(payload: Uint8Array, elements: number): Result<Float32Array<ArrayBuffer>>;
  /**
   * Bytes of one element, if each lies by itself at a multiple of them. Then any run of a tensor's elements is decoded
   * by itself. Left out: a tensor is decoded whole.
   */
  readonly stride?: number;
  /** The longest payload of that many elements, in bytes. */
  maxBytes(elements: number): number;
  /**
   * The largest ‖v − decode(encode(v))‖₂ that this codec may leave on finite values v: error feedback has to carry it.
   */
  errorBound(values: Float32Array): number;
  /**
   * What is left of the last residual when it is added to the next delta, in (0, 1]. Left out: this codec keeps none,
   * and its error is lost.
   */
  readonly residualDecay?: number;
}
