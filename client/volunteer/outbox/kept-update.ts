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

/** A hash that names the lease, and in all but what older releases have kept the volunteer. */
const NAME = /^[0-9a-f]{64}(?:-([a-z0-9]+))?$/;

/**
 * A lease has one update, so its name is that of the lease, in a form that any store takes. It says whose the update is:
 * to read that from megabytes takes long.
 */
export const nameOfKept = ({
  origin,
  run,
  lease,
  volunteer,
}: Pick<KeptUpdate, 'origin' | 'run' | 'lease' | 'volunteer'>): string =>
  `${sha256Hex(encodeUtf8(JSON.stringify([origin, run, lease])))}-${volunteer}`;

export const isNameOfKept = (name: string): boolean => NAME.test(name);

/** Undefined if the name does not say it. */
export const volunteerOfName = (name: string): string | undefined => NAME.exec(name)?.[1];

/** The same update, after which what a volunteer keeps from update to update starts anew. */
export const withoutLeavings = (update: KeptUpdate): KeptUpdate => ({
  ...update,
  leavings: Object.fromEntries(Object.keys(update.leavings).map(name => [name, new Uint8Array(0)])),
});

const headerOf = ({ envelope, leavings, ...told }: KeptUpdate): Uint8Array<ArrayBuffer> => {
  const list = Object.entries(leavings).map(([name, { length }]) => ({ name, bytes: length }));
  return encodeUtf8(JSON.stringify({ ...told, envelopeBytes: envelope.length, leavings: list }));
};

/** Bytes of it as it is kept. */
export const keptBytes = (update: KeptUpdate): number =>
  [headerOf(update), update.envelope, ...Object.values(update.leavings)].reduce(
    (sum, { length }) => sum + length,
    LENGTH_BYTES + HASH_BYTES,
  );

/** Length of the header in four bytes | header | envelope | leavings | SHA-256 of all that. */
export function writeUpdate(update: KeptUpdate): Uint8Array<ArrayBuffer> {
  const { envelope, leavings } = update;
  const header = headerOf(update);
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
