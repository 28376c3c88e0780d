import { OBJECT_GB, type Units } from './platform-prices.ts';

/** What is done with files, and what of them lies there at the end. */
export interface FileUse {
  readonly puts: number;
  readonly gets: number;
  /** Of all that are put. */
  readonly bytes: number;
  readonly keptGB: number;
}

/** Bytes of a file that one row holds, out of 2 MB. */
const CHUNK_BYTES = 1_900_000;

/** A file has a row of its own beside those of its bytes. */
const ROWS_A_FILE = 2;

/** On paper: an object that keeps files sleeps between calls, and is awake for so long in each. */
const AWAKE_SECONDS = 0.1;

/**
 * The same use if files lie in objects, as in a deployment without R2. Each call of R2 is one to an object, and what is put
 * writes rows. They are written once more when the file is swept, since the platform bills deletions.
 */
export function keptInObjects<Used extends Units & { readonly objectGBSeconds: number }>(
  used: Used,
  { puts, gets, bytes, keptGB }: FileUse,
): Used & { readonly objectGB: number; readonly r2GB: number } {
  const [allPuts, allGets] = [used.r2ClassA + puts, used.r2ClassB + gets];
  const rows = ROWS_A_FILE * allPuts + bytes / CHUNK_BYTES;
  const calls = allPuts + allGets;
  return {
    ...used,
    ...{ objectGB: keptGB, r2GB: 0, r2ClassA: 0, r2ClassB: 0 },
    objectRequests: used.objectRequests + calls,
    objectGBSeconds: used.objectGBSeconds + AWAKE_SECONDS * OBJECT_GB * calls,
    objectRowsWritten: used.objectRowsWritten + 2 * rows,
    objectRowsRead: used.objectRowsRead + ROWS_A_FILE * allGets + bytes / CHUNK_BYTES,
  };
}
