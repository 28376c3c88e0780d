import {
  decodeSafetensors,
  elementCount,
  encodeSafetensors,
  type TensorSpec,
} from '../../shared/codec/safetensors.ts';
import { allFinite } from '../../shared/math/all-finite.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import { sha256 } from '../../shared/math/sha256.ts';

/** What is kept of one segment, by tensor. */
export type SegmentTensors = Readonly<Record<string, Float32Array>>;

const HASH_BYTES = 32;

/** As it is kept: safetensors | SHA-256 of them. */
export function writeKept(segment: SegmentTensors): Uint8Array<ArrayBuffer> {
  const tensors = Object.entries(segment).map(([name, values]) => ({
    name,
    shape: [values.length],
    values,
  }));
  const file = encodeSafetensors(tensors);
  return concatBytes([file, sha256(file)]);
}

/**
 * What was kept, if it is whole and of exactly these tensors; else null. A device's storage is not trusted: it may be
 * damaged, from an older version of the code, or written by somebody else.
 */
export function readKept(kept: Uint8Array, tensors: readonly TensorSpec[]): SegmentTensors | null {
  const file = kept.subarray(0, Math.max(0, kept.length - HASH_BYTES));
  const hash = sha256(file);
  if (!kept.subarray(file.length).every((byte, i) => byte === hash[i])) return null;
  const decoded = decodeSafetensors(file);
  if (!decoded.ok) return null;
  const found = new Map(decoded.value.map(({ name, values }) => [name, values]));
  const isWhole = tensors.every(tensor => {
    const values = found.get(tensor.name);
    return values?.length === elementCount(tensor) && allFinite(values);
  });
  return isWhole && found.size === tensors.length ? Object.fromEntries(found) : null;
}
