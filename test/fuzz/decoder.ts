import type fc from 'fast-check';

/** A decoder of bytes or JSON that come from outside, as the fuzzer tries it. All inputs are bytes: JSON is UTF-8. */
export interface Decoder {
  /** In small letters, for people and for its folder in the corpus. */
  readonly name: string;
  /** Files that decode here, from the root. A test holds that every file that decodes is named by one decoder. */
  readonly files: readonly string[];
  /** Inputs that are right, or nearly so. */
  readonly inputs: fc.Arbitrary<Uint8Array>;
  /**
   * Decodes as the product does. An expected "no" is a value or one of the errors of `refusals`. Anything else that it
   * throws is a failure.
   */
  decode(input: Uint8Array<ArrayBuffer>): unknown;
  /** Names of the errors by which it refuses. */
  readonly refusals?: readonly string[];
  /** The most memory that an input may take while it is decoded, garbage included. */
  readonly most: MemoryBound;
  /** How many of a hundred runs it gets. All of them if it is left out. A slow decoder gets fewer. */
  readonly share?: number;
}

/** So many bytes for each byte of the input, and so many for any input. */
export interface MemoryBound {
  readonly eachByte: number;
  readonly always: number;
}

/** What the code itself takes: its first calls compile functions and fill caches. */
export const CODE_BYTES = 3_000_000;

/**
 * JSON that is parsed and checked. The smallest value, as `[],`, has three bytes and takes up to 40 as an object. Each
 * value that is wrong adds an issue with its path.
 */
export const JSON_BOUND: MemoryBound = { eachByte: 100, always: CODE_BYTES };

/**
 * A file of the user's own. Each wrong item of a list makes an issue, of which zod keeps about a
 * kilobyte. What strangers send is read up to its first wrong item (`shared/protocol/list-of.ts`).
 */
export const OWN_JSON_BOUND: MemoryBound = { eachByte: 3_000, always: CODE_BYTES };

/**
 * A message in which up to a thousand items of a later release are passed over (`shared/protocol/readable-of.ts`). What zod
 * says of each is about ten kilobytes of garbage, which counts until it is collected.
 */
export const READABLE_BOUND: MemoryBound = { ...JSON_BOUND, always: CODE_BYTES + 22_000_000 };

/** Bytes that are copied a few times at most. */
export const BYTES_BOUND: MemoryBound = { eachByte: 8, always: CODE_BYTES };
