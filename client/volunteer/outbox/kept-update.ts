import * as z from 'zod';
import { concatBytes, dataViewOf } from '../../../shared/math/bytes.ts';
import { sha256, sha256Hex } from '../../../shared/math/sha256.ts';
import { encodeUtf8, parseJsonBytes } from '../../../shared/math/utf8.ts';
import { idSchema } from '../../../shared/protocol/identifiers.ts';
import type { Leavings } from '../decided-store.ts';

const count = z.number().int().nonnegative();

/** What the file says before the bytes. The lengths say where each of them ends. */
const headerSchema = z.object({
  origin: z.string(),
  run: idSchema,
  volunteer: idSchema,
  lease: idSchema,
  token: z.string(),
  envelopeBytes: count,
  leavings: z.array(z.object({ name: z.string(), bytes: count })),
});

/** A trained update that the platform has not decided on, and all that it takes to send it. */
export interface KeptUpdate {
  /** Of the platform. */
  readonly origin: string;
  readonly run: string;
  readonly volunteer: string;
  readonly lease: string;
  /** The lease's own, which outlives the volunteer's. */
  readonly token: string;
  readonly envelope: Uint8Array<ArrayBuffer>;
  /** What is kept for later updates if the platform takes this one. */
  readonly leavings: Leavings;
}

const HASH_BYTES = 32;
const LENGTH_BYTES = 4;

/** A lease has one update, so its name is that of the lease, in a form that any store takes. */
export const nameOfKept = ({ origin, run, lease }: Pick<KeptUpdate, 'origin' | 'run' | 'lease'>): string =>
  sha256Hex(encodeUtf8(JSON.stringify([origin, run, lease])));

/** Length of the header in four bytes | header | envelope | leavings | SHA-256 of all that. */
export function writeUpdate(update: KeptUpdate): Uint8Array<ArrayBuffer> {
  const { envelope, leavings, ...told } = update;
  const list = Object.entries(leavings).map(([name, { length }]) => ({ name, bytes: length }));
  const header = encodeUtf8(JSON.stringify({ ...told, envelopeBytes: envelope.length, leavings: list }));
  const length = new Uint8Array(LENGTH_BYTES);
  dataViewOf(length).setUint32(0, header.length, true);
  const file = concatBytes([length, header, envelope, ...Object.values(leavings)]);
  return concatBytes([file, sha256(file)]);
}

/** Null if it is damaged, or of another version of the code. A device's storage is not trusted. */
export function readUpdate(kept: Uint8Array<ArrayBuffer>): KeptUpdate | null {
  const file = kept.subarray(0, Math.max(0, kept.length - HASH_BYTES));
  const hash = sha256(file);
  if (file.length < LENGTH_BYTES || !kept.subarray(file.length).every((byte, i) => byte === hash[i]))
    return null;
  const headerEnd = LENGTH_BYTES + dataViewOf(file).getUint32(0, true);
  const header = headerSchema.safeParse(parseJsonBytes(file.subarray(LENGTH_BYTES, headerEnd))).data;
  if (!header) return null;
  const { envelopeBytes, leavings, ...told } = header;
  let at = headerEnd;
  const next = (bytes: number): Uint8Array<ArrayBuffer> => {
    at += bytes;
    return file.slice(at - bytes, at);
  };
  const envelope = next(envelopeBytes);
  const left = leavings.map(({ name, bytes }) => [name, next(bytes)] as const);
  return at === file.length ? { ...told, envelope, leavings: Object.fromEntries(left) } : null;
}
